package dev.quarry.error;

import java.io.Serializable;

/// A place in the text of a statement.
///
/// @param line 1-based line
/// @param column 1-based column, counted in code points
/// @param length length in code points, at least 1
/// @param offset 0-based offset of the first UTF-16 unit in the text
public record Span(int line, int column, int length, int offset) implements Serializable {}
