@NullMarked
package dev.quarry.graph.catalog;

import org.jspecify.annotations.NullMarked;
