@NullMarked
package dev.quarry.query.value;

import org.jspecify.annotations.NullMarked;
