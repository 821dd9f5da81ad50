package dev.quarry;

import java.time.Duration;

/// What a compaction did.
///
/// @param isComplete whether it came to its end; else it was told to end before
/// @param fileBytesBefore length of the file before; 0 without a file
/// @param fileBytesAfter length of the file after
/// @param liveBytes bytes of the file that the newest commit reaches
/// @param occupancyBefore which part of the slots of slab pages was in use before, 0 to 1
/// @param occupancyAfter the same after
/// @param moved lists of relationships, strings and other long values that were moved, and
///   relationships that went to another list
/// @param movedBytes bytes of pages that were moved within the file
/// @param time that it took
public record CompactReport(
    boolean isComplete,
    long fileBytesBefore,
    long fileBytesAfter,
    long liveBytes,
    double occupancyBefore,
    double occupancyAfter,
    long moved,
    long movedBytes,
    Duration time) {}
