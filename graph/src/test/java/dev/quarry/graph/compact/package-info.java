@NullMarked
package dev.quarry.graph.compact;

import org.jspecify.annotations.NullMarked;
