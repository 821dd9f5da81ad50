@NullMarked
package dev.quarry.query.evaluate;

import org.jspecify.annotations.NullMarked;
