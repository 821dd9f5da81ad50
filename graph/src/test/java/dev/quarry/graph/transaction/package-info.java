@NullMarked
package dev.quarry.graph.transaction;

import org.jspecify.annotations.NullMarked;
