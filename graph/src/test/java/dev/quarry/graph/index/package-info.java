@NullMarked
package dev.quarry.graph.index;

import org.jspecify.annotations.NullMarked;
