/// JMH benchmarks of the parts, run by `quarry bench micro [REGEX]`.
@NullMarked
package dev.quarry.bench.micro;

import org.jspecify.annotations.NullMarked;
