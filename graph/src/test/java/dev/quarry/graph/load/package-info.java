@NullMarked
package dev.quarry.graph.load;

import org.jspecify.annotations.NullMarked;
