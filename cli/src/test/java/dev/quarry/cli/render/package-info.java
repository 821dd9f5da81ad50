@NullMarked
package dev.quarry.cli.render;

import org.jspecify.annotations.NullMarked;
