package dev.quarry.error;

/// The stable codes of all errors, `<Type>.<Detail>`. A code is added, never renamed.
///
/// Codes of statements use openCypher's own vocabulary. Every code has a GQLSTATUS.
public enum ErrorCode {
  // Statements: compile time.
  INVALID_SYNTAX("SyntaxError.UnexpectedSyntax", "42001"),
  UNDEFINED_VARIABLE("SyntaxError.UndefinedVariable", "42002"),
  VARIABLE_ALREADY_BOUND("SyntaxError.VariableAlreadyBound", "42N59"),
  VARIABLE_TYPE_CONFLICT("SyntaxError.VariableTypeConflict", "42N63"),
  COLUMN_NAME_CONFLICT("SyntaxError.ColumnNameConflict", "42N38"),
  NO_EXPRESSION_ALIAS("SyntaxError.NoExpressionAlias", "42N21"),
  NO_VARIABLES_IN_SCOPE("SyntaxError.NoVariablesInScope", "42N5B"),
  DIFFERENT_COLUMNS_IN_UNION("SyntaxError.DifferentColumnsInUnion", "42N39"),
  INVALID_CLAUSE_COMPOSITION("SyntaxError.InvalidClauseComposition", "42N24"),
  INVALID_AGGREGATION("SyntaxError.InvalidAggregation", "42I18"),
  AMBIGUOUS_AGGREGATION_EXPRESSION("SyntaxError.AmbiguousAggregationExpression", "42I18"),
  NESTED_AGGREGATION("SyntaxError.NestedAggregation", "42N26"),
  NON_CONSTANT_EXPRESSION("SyntaxError.NonConstantExpression", "42I24"),
  NEGATIVE_INTEGER_ARGUMENT("SyntaxError.NegativeIntegerArgument", "22N31"),
  INVALID_ARGUMENT_TYPE("SyntaxError.InvalidArgumentType", "22N27"),
  INVALID_PARAMETER_USE("SyntaxError.InvalidParameterUse", "42I48"),
  INVALID_NUMBER_LITERAL("SyntaxError.InvalidNumberLiteral", "42I06"),
  INTEGER_OVERFLOW("SyntaxError.IntegerOverflow", "22003"),
  FLOATING_POINT_OVERFLOW("SyntaxError.FloatingPointOverflow", "22003"),
  INVALID_UNICODE_LITERAL("SyntaxError.InvalidUnicodeLiteral", "42I45"),
  INVALID_UNICODE_CHARACTER("SyntaxError.InvalidUnicodeCharacter", "42I45"),
  INVALID_NUMBER_OF_ARGUMENTS("SyntaxError.InvalidNumberOfArguments", "42I13"),
  INVALID_ARGUMENT_PASSING_MODE("SyntaxError.InvalidArgumentPassingMode", "42I13"),
  UNKNOWN_FUNCTION("SyntaxError.UnknownFunction", "42N48"),
  NO_SINGLE_RELATIONSHIP_TYPE("SyntaxError.NoSingleRelationshipType", "42N71"),
  REQUIRES_DIRECTED_RELATIONSHIP("SyntaxError.RequiresDirectedRelationship", "42N70"),
  CREATING_VAR_LENGTH("SyntaxError.CreatingVarLength", "42N24"),
  RELATIONSHIP_UNIQUENESS_VIOLATION("SyntaxError.RelationshipUniquenessViolation", "42N65"),
  INVALID_RELATIONSHIP_PATTERN("SyntaxError.InvalidRelationshipPattern", "42I20"),
  INVALID_DELETE("SyntaxError.InvalidDelete", "42N24"),
  UNEXPECTED_SYNTAX_DEPTH("SyntaxError.NestingTooDeep", "42N31"),
  STATEMENT_TOO_LARGE("SyntaxError.StatementTooLarge", "42N31"),
  NOT_SUPPORTED("SyntaxError.NotSupported", "42N14"),
  PROCEDURE_NOT_FOUND("ProcedureError.ProcedureNotFound", "42N08"),
  PROCEDURE_EXISTS("ProcedureError.ProcedureAlreadyExists", "42N90"),
  PROCEDURE_FAILED("ProcedureError.ProcedureFailed", "52N02"),
  MISSING_PARAMETER("ParameterMissing.MissingParameter", "42N51"),

  // Statements: run time.
  TYPE_INVALID_ARGUMENT_VALUE("TypeError.InvalidArgumentValue", "22N01"),
  TYPE_INVALID_ARGUMENT_TYPE("TypeError.InvalidArgumentType", "22N27"),
  LIST_ELEMENT_ACCESS_BY_NON_INTEGER("TypeError.ListElementAccessByNonInteger", "22N01"),
  MAP_ELEMENT_ACCESS_BY_NON_STRING("TypeError.MapElementAccessByNonString", "22N01"),
  PROPERTY_ACCESS_BY_NON_STRING("TypeError.PropertyAccessByNonString", "22N01"),
  INVALID_ELEMENT_ACCESS("TypeError.InvalidElementAccess", "22N01"),
  INVALID_PROPERTY_TYPE("TypeError.InvalidPropertyType", "22N01"),
  NUMBER_OUT_OF_RANGE("ArgumentError.NumberOutOfRange", "22003"),
  ARGUMENT_INVALID("ArgumentError.InvalidArgumentValue", "22N03"),
  ARGUMENT_INVALID_TYPE("ArgumentError.InvalidArgumentType", "22N27"),
  ARITHMETIC_OVERFLOW("ArithmeticError.IntegerOverflow", "22003"),
  DIVISION_BY_ZERO("ArithmeticError.DivisionByZero", "22012"),
  DELETED_ENTITY_ACCESS("EntityNotFound.DeletedEntityAccess", "22N40"),
  DELETE_CONNECTED_NODE("ConstraintVerificationFailed.DeleteConnectedNode", "G1001"),
  PROPERTY_EXISTENCE_VIOLATION("ConstraintValidationFailed.PropertyExistence", "22N77"),
  PROPERTY_TYPE_VIOLATION("ConstraintValidationFailed.PropertyType", "22N78"),
  UNIQUENESS_VIOLATION("ConstraintValidationFailed.Uniqueness", "22N80"),
  SCHEMA_EXISTS("SchemaError.AlreadyExists", "22N70"),
  SCHEMA_NAME_TAKEN("SchemaError.NameTaken", "22N71"),
  SCHEMA_NOT_FOUND("SchemaError.NotFound", "22N69"),
  SCHEMA_IN_USE("SchemaError.OwnedByConstraint", "22N72"),
  SCHEMA_NOT_ALONE("SchemaError.NotAlone", "25N01"),
  MERGE_READ_OWN_WRITES("SemanticError.MergeReadOwnWrites", "22G0W"),
  REGULAR_EXPRESSION("SyntaxError.InvalidRegularExpression", "22N11"),
  LIMIT_EXCEEDED("Limit.Exceeded", "51N74"),
  CANCELLED("Transaction.Cancelled", "40N01"),
  TIMED_OUT("Transaction.TimedOut", "40N02", true),

  // The store.
  STORE_NOT_FOUND("Store.NotFound", "08N01"),
  STORE_EXISTS("Store.AlreadyExists", "08N01"),
  STORE_NOT_A_STORE("Store.NotAStore", "08N02"),
  STORE_UNKNOWN_VERSION("Store.UnknownVersion", "08N03"),
  STORE_UNKNOWN_FEATURE("Store.UnknownFeature", "08N03"),
  STORE_DAMAGED("Store.Damaged", "08N04"),
  STORE_WAL_MISSING("Store.WalMissing", "08N05"),
  STORE_LOCKED("Store.HeldByAnotherProcess", "08N06", true),
  STORE_ALREADY_OPEN("Store.AlreadyOpen", "08N07"),
  STORE_PATH("Store.PathUnusable", "08N08"),
  STORE_READ_ONLY("Store.ReadOnly", "25G03"),
  STORE_POISONED("Store.Poisoned", "08N09"),
  STORE_CLOSED("Store.Closed", "08003"),
  STORE_IO("Store.IoError", "58030"),
  STORE_DISK_FULL("Store.DiskFull", "53100", true),
  STORE_LAYOUT("Store.LayoutLimit", "54N01"),
  CHECKSUM("Store.ChecksumMismatch", "08N04"),
  WRITER_BUSY("Store.WriterBusy", "40N03", true),
  WRITER_NESTED("Store.NestedWriter", "25G01"),
  TRANSACTION_CLOSED("Store.TransactionClosed", "25G02"),
  TRANSACTION_DOOMED("Store.TransactionDoomed", "25N02"),
  SNAPSHOT_EXPIRED("Store.SnapshotExpired", "40N04", true),
  NATIVE_MEMORY_UNAVAILABLE("Store.NativeMemoryUnavailable", "08N10"),

  // Handles.
  RECORD_GONE("Graph.RecordGone", "22N41"),
  FOREIGN_HANDLE("Graph.ForeignHandle", "22N42"),
  INVALID_ELEMENT_ID("Graph.InvalidElementId", "22N43"),
  INVALID_VALUE("Graph.InvalidValue", "22N01"),

  // Memory.
  MEMORY_BUDGET("Memory.BudgetExceeded", "53200"),
  MEMORY_ACCESS("Memory.InvalidAccess", "58N01"),

  // Loading.
  LOAD_USAGE("Load.InvalidOptions", "22N90"),
  LOAD_INPUT("Load.UnreadableInput", "22N91"),
  LOAD_HEADER("Load.InvalidHeader", "22N92"),
  LOAD_REJECTS("Load.TooManyRejects", "22N93");

  private final String text;
  private final String gqlStatus;
  private final boolean retryable;

  ErrorCode(String text, String gqlStatus) {
    this(text, gqlStatus, false);
  }

  ErrorCode(String text, String gqlStatus, boolean retryable) {
    this.text = text;
    this.gqlStatus = gqlStatus;
    this.retryable = retryable;
  }

  /// The code as users see it, for example `SyntaxError.UndefinedVariable`.
  public String text() {
    return text;
  }

  /// The GQLSTATUS, five characters.
  public String gqlStatus() {
    return gqlStatus;
  }

  boolean retryable() {
    return retryable;
  }

  @Override
  public String toString() {
    return text;
  }
}
