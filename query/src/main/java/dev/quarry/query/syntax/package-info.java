/// Text to syntax tree: lexer, parser by recursive descent, and the tree itself.
///
/// A *statement* is a chain of *clauses*; every node of the tree knows its *span*, the place in the
/// text. The parser knows all of openCypher's grammar; what the engine cannot run is refused later,
/// by name. Not here: what a name means (`dev.quarry.query.plan`).
@NullMarked
package dev.quarry.query.syntax;

import org.jspecify.annotations.NullMarked;
