package dev.quarry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A function of the application: takes the values of one row to one value. Expressions call it
/// once it is registered with a store ([Quarry#register(UserFunction)]).
///
/// ```java
/// db.register(
///     UserFunction.of(
///         FunctionSignature.parse("app.initials(name :: STRING) :: STRING"),
///         arguments -> ((String) arguments.get(0)).replaceAll("(\\w)\\w*\\W*", "$1")));
/// db.run("MATCH (p:Person) RETURN app.initials(p.name)");
/// ```
///
/// It sees its arguments only, not the graph; what reads or writes the graph is a [Procedure].
///
/// Threads: one function may be called by many queries at once.
public interface UserFunction {
  /// What it is called, takes and gives. Asked once, when the function is registered.
  FunctionSignature signature();

  /// The value for one row. What this throws ends the query: errors of Quarry as they are, others
  /// as the cause of a [ProcedureException][dev.quarry.error.ProcedureException].
  ///
  /// @param arguments one for each input, of its type: border values, owned
  /// @return a border value of the output's type
  @Nullable Object call(List<? extends @Nullable Object> arguments) throws Exception;

  /// A function of two parts.
  static UserFunction of(FunctionSignature signature, Body body) {
    return new UserFunction() {
      @Override
      public FunctionSignature signature() {
        return signature;
      }

      @Override
      public @Nullable Object call(List<? extends @Nullable Object> arguments) throws Exception {
        return body.call(arguments);
      }
    };
  }

  /// What a function does, see [UserFunction#call].
  @FunctionalInterface
  interface Body {
    /// The value for one row.
    @Nullable Object call(List<? extends @Nullable Object> arguments) throws Exception;
  }
}
