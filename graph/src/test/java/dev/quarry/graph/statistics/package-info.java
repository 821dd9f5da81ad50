@NullMarked
package dev.quarry.graph.statistics;

import org.jspecify.annotations.NullMarked;
