@NullMarked
package dev.quarry.storage.tree;

import org.jspecify.annotations.NullMarked;
