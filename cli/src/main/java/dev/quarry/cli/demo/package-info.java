/// `quarry demo`: five claims, each carried out in front of the reader and checked.
@NullMarked
package dev.quarry.cli.demo;

import org.jspecify.annotations.NullMarked;
