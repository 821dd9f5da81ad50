@NullMarked
package dev.quarry.cli.shell;

import org.jspecify.annotations.NullMarked;
