@NullMarked
package dev.quarry.graph.repair;

import org.jspecify.annotations.NullMarked;
