/// The command line: one class per command, nothing that a library user would miss.
///
/// Data goes to stdout, all else to stderr; the exit codes are those of [Exit]. Not here: how rows
/// look (`dev.quarry.cli.render`).
@NullMarked
package dev.quarry.cli;

import org.jspecify.annotations.NullMarked;
