package dev.quarry.storage;

/// How a store stands at one moment.
///
/// @param commitNumber of the newest commit
/// @param fileBytes length of the file; 0 in memory
/// @param reachableBytes bytes of the file that the newest durable state reaches
/// @param walBytes bytes logged since the last checkpoint
/// @param replayNanos how long a recovery would take to repeat them, by estimate
/// @param frameBytes bytes in frames: dirty pages, and those that wait for their last reader
/// @param retiredBytes bytes of frames that wait for their last reader
/// @param memoryUsed bytes of the budget in use
/// @param memoryLimit bytes of the budget
/// @param readers running readers
/// @param checkpoints checkpoints since the store was opened
/// @param checkpointBytes bytes that they wrote
public record StoreStatistics(
    long commitNumber,
    long fileBytes,
    long reachableBytes,
    long walBytes,
    long replayNanos,
    long frameBytes,
    long retiredBytes,
    long memoryUsed,
    long memoryLimit,
    int readers,
    long checkpoints,
    long checkpointBytes) {}
