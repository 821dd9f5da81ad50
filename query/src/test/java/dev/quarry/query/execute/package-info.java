@NullMarked
package dev.quarry.query.execute;

import org.jspecify.annotations.NullMarked;
