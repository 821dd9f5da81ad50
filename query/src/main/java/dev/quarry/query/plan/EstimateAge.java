package dev.quarry.query.plan;

/// How old the estimates of some records are.
///
/// @param commit of the oldest of them
/// @param now the commit that is read
/// @param recordsThen how many records there were when they were made
/// @param recordsNow how many there are now, exact
public record EstimateAge(long commit, long now, double recordsThen, double recordsNow) {}
