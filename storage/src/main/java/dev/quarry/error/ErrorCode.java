package dev.quarry.error;

/// The stable codes of all errors, `<Type>.<Detail>`. A code is added, never renamed.
///
/// Codes of statements use openCypher's own vocabulary. Every code has a GQLSTATUS: the one of the
/// standard, or that Neo4j documents, where there is one for the condition; else the class of the
/// standard that fits, and a subclass of ours, which begins with Q.
public enum ErrorCode {
  // Statements: compile time.
  INVALID_SYNTAX("SyntaxError.UnexpectedSyntax", "42001"),
  UNDEFINED_VARIABLE("SyntaxError.UndefinedVariable", "42002"),
  VARIABLE_ALREADY_BOUND("SyntaxError.VariableAlreadyBound", "42N59"),
  VARIABLE_TYPE_CONFLICT("SyntaxError.VariableTypeConflict", "22NB1"),
  COLUMN_NAME_CONFLICT("SyntaxError.ColumnNameConflict", "42N38"),
  NO_EXPRESSION_ALIAS("SyntaxError.NoExpressionAlias", "42N21"),
  NO_VARIABLES_IN_SCOPE("SyntaxError.NoVariablesInScope", "42I37"),
  DIFFERENT_COLUMNS_IN_UNION("SyntaxError.DifferentColumnsInUnion", "42N39"),
  INVALID_CLAUSE_COMPOSITION("SyntaxError.InvalidClauseComposition", "42N24"),
  INVALID_AGGREGATION("SyntaxError.InvalidAggregation", "42I24"),
  AMBIGUOUS_AGGREGATION_EXPRESSION("SyntaxError.AmbiguousAggregationExpression", "42I18"),
  NESTED_AGGREGATION("SyntaxError.NestedAggregation", "22N34"),
  NON_CONSTANT_EXPRESSION("SyntaxError.NonConstantExpression", "42N28"),
  NEGATIVE_INTEGER_ARGUMENT("SyntaxError.NegativeIntegerArgument", "22N02"),
  INVALID_ARGUMENT_TYPE("SyntaxError.InvalidArgumentType", "22N27"),
  INVALID_PARAMETER_USE("SyntaxError.InvalidParameterUse", "42N32"),
  INVALID_NUMBER_LITERAL("SyntaxError.InvalidNumberLiteral", "42I07"),
  INTEGER_OVERFLOW("SyntaxError.IntegerOverflow", "22003"),
  FLOATING_POINT_OVERFLOW("SyntaxError.FloatingPointOverflow", "22003"),
  INVALID_UNICODE_LITERAL("SyntaxError.InvalidUnicodeLiteral", "42I19"),
  INVALID_UNICODE_CHARACTER("SyntaxError.InvalidUnicodeCharacter", "42I06"),
  INVALID_NUMBER_OF_ARGUMENTS("SyntaxError.InvalidNumberOfArguments", "42I13"),
  INVALID_ARGUMENT_PASSING_MODE("SyntaxError.InvalidArgumentPassingMode", "42N36"),
  UNKNOWN_FUNCTION("SyntaxError.UnknownFunction", "42N48"),
  NO_SINGLE_RELATIONSHIP_TYPE("SyntaxError.NoSingleRelationshipType", "42I14"),
  REQUIRES_DIRECTED_RELATIONSHIP("SyntaxError.RequiresDirectedRelationship", "42I56"),
  CREATING_VAR_LENGTH("SyntaxError.CreatingVarLength", "42I41"),
  RELATIONSHIP_UNIQUENESS_VIOLATION("SyntaxError.RelationshipUniquenessViolation", "42N68"),
  INVALID_RELATIONSHIP_PATTERN("SyntaxError.InvalidRelationshipPattern", "42I06"),
  INVALID_DELETE("SyntaxError.InvalidDelete", "42I26"),
  UNEXPECTED_SYNTAX_DEPTH("SyntaxError.NestingTooDeep", "42Q01"),
  STATEMENT_TOO_LARGE("SyntaxError.StatementTooLarge", "42Q02"),
  NOT_SUPPORTED("SyntaxError.NotSupported", "51N26"),
  PROCEDURE_NOT_FOUND("ProcedureError.ProcedureNotFound", "42N08"),
  PROCEDURE_EXISTS("ProcedureError.ProcedureAlreadyExists", "51N13"),
  PROCEDURE_FAILED("ProcedureError.ProcedureFailed", "52N37"),
  MISSING_PARAMETER("ParameterMissing.MissingParameter", "42N51"),

  // Statements: run time.
  TYPE_INVALID_ARGUMENT_VALUE("TypeError.InvalidArgumentValue", "22N05"),
  TYPE_INVALID_ARGUMENT_TYPE("TypeError.InvalidArgumentType", "22N27"),
  LIST_ELEMENT_ACCESS_BY_NON_INTEGER("TypeError.ListElementAccessByNonInteger", "22N01"),
  MAP_ELEMENT_ACCESS_BY_NON_STRING("TypeError.MapElementAccessByNonString", "22N01"),
  PROPERTY_ACCESS_BY_NON_STRING("TypeError.PropertyAccessByNonString", "22N01"),
  INVALID_PROPERTY_TYPE("TypeError.InvalidPropertyType", "22N39"),
  NUMBER_OUT_OF_RANGE("ArgumentError.NumberOutOfRange", "22003"),
  ARGUMENT_INVALID("ArgumentError.InvalidArgumentValue", "22N11"),
  ARGUMENT_INVALID_TYPE("ArgumentError.InvalidArgumentType", "22N27"),
  ARITHMETIC_OVERFLOW("ArithmeticError.IntegerOverflow", "22003"),
  DIVISION_BY_ZERO("ArithmeticError.DivisionByZero", "22012"),
  DELETED_ENTITY_ACCESS("EntityNotFound.DeletedEntityAccess", "25N13"),
  DELETE_CONNECTED_NODE("ConstraintVerificationFailed.DeleteConnectedNode", "G1001"),
  PROPERTY_EXISTENCE_VIOLATION("ConstraintValidationFailed.PropertyExistence", "22N77"),
  PROPERTY_TYPE_VIOLATION("ConstraintValidationFailed.PropertyType", "22N78"),
  UNIQUENESS_VIOLATION("ConstraintValidationFailed.Uniqueness", "22N79"),
  SCHEMA_EXISTS("SchemaError.AlreadyExists", "22N70"),
  SCHEMA_NAME_TAKEN("SchemaError.NameTaken", "22N71"),
  SCHEMA_NOT_FOUND("SchemaError.NotFound", "22N69"),
  SCHEMA_IN_USE("SchemaError.OwnedByConstraint", "22NBC"),
  SCHEMA_NOT_ALONE("SchemaError.NotAlone", "25N01"),
  MERGE_READ_OWN_WRITES("SemanticError.MergeReadOwnWrites", "22N31"),
  REGULAR_EXPRESSION("SyntaxError.InvalidRegularExpression", "22N11"),
  LIMIT_EXCEEDED("Limit.Exceeded", "51N66"),
  CANCELLED("Transaction.Cancelled", "25N14"),
  TIMED_OUT("Transaction.TimedOut", "25N16", true),

  // The store.
  STORE_NOT_FOUND("Store.NotFound", "08Q01"),
  STORE_NOT_A_STORE("Store.NotAStore", "08Q02"),
  STORE_UNKNOWN_VERSION("Store.UnknownVersion", "08Q03"),
  STORE_UNKNOWN_FEATURE("Store.UnknownFeature", "08Q03"),
  STORE_DAMAGED("Store.Damaged", "08Q04"),
  STORE_WAL_MISSING("Store.WalMissing", "08Q05"),
  STORE_LOCKED("Store.HeldByAnotherProcess", "08Q06", true),
  STORE_ALREADY_OPEN("Store.AlreadyOpen", "08Q07"),
  STORE_PATH("Store.PathUnusable", "08Q08"),
  STORE_READ_ONLY("Store.ReadOnly", "25G03"),
  STORE_POISONED("Store.Poisoned", "08Q09"),
  STORE_CLOSED("Store.Closed", "08Q10"),
  STORE_IO("Store.IoError", "51Q01"),
  STORE_DISK_FULL("Store.DiskFull", "51Q02", true),
  STORE_LAYOUT("Store.LayoutLimit", "51Q03"),
  CHECKSUM("Store.ChecksumMismatch", "08Q04"),
  WRITER_BUSY("Store.WriterBusy", "25N06", true),
  WRITER_NESTED("Store.NestedWriter", "25G01"),
  TRANSACTION_CLOSED("Store.TransactionClosed", "25N05"),
  WRITE_LEASE_EXPIRED("Store.WriteLeaseExpired", "25N08", true),
  TRANSACTION_DOOMED("Store.TransactionDoomed", "25N02"),
  SNAPSHOT_EXPIRED("Store.SnapshotExpired", "25N08", true),
  NATIVE_MEMORY_UNAVAILABLE("Store.NativeMemoryUnavailable", "08Q11"),

  // Handles.
  RECORD_GONE("Graph.RecordGone", "22Q01"),
  FOREIGN_HANDLE("Graph.ForeignHandle", "22Q02"),
  INVALID_ELEMENT_ID("Graph.InvalidElementId", "22Q03"),
  INVALID_VALUE("Graph.InvalidValue", "22N01"),

  // Memory.
  MEMORY_BUDGET("Memory.BudgetExceeded", "51N36"),
  MEMORY_ACCESS("Memory.InvalidAccess", "50N00"),

  // Loading.
  LOAD_USAGE("Load.InvalidOptions", "22Q11"),
  LOAD_INPUT("Load.UnreadableInput", "22Q12"),
  LOAD_HEADER("Load.InvalidHeader", "22Q13"),
  LOAD_REJECTS("Load.TooManyRejects", "22Q14");

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
