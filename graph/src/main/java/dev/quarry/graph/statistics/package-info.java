/// What is counted and estimated for the sake of plans (rule S24).
///
/// A *kind* is a source arena, a type and a target arena; how many relationships each has is
/// counted exactly, by [KindCountsWriter]. All else here is an *estimate*: found by a walk over a
/// sample now and then, never undone by what changes later, so that no answer may rest on it. A
/// *sketch* is an estimate in the making. Not here: when estimates are made, and what plans do with
/// them.
@NullMarked
package dev.quarry.graph.statistics;

import org.jspecify.annotations.NullMarked;
