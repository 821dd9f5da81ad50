/// The line editor of the shell: how a person enters statements.
///
/// A *statement* may span lines and is one entry of the history. Not here: what happens with it,
/// and the shell off a terminal, which reads plainly (`dev.quarry.cli`).
@NullMarked
package dev.quarry.cli.shell;

import org.jspecify.annotations.NullMarked;
