@NullMarked
package dev.quarry.graph.hash;

import org.jspecify.annotations.NullMarked;
