package dev.quarry.query.procedure;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.ProcedureException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The procedures and functions of one store, by name in any case: those that every store has, and
/// those of the application. It only grows, so what a plan has found is there when it runs.
///
/// Threads: any.
public final class Procedures {
  private final Map<String, ProcedureDefinition> procedures = new ConcurrentHashMap<>();
  private final Map<String, FunctionDefinition> functions = new ConcurrentHashMap<>();

  private volatile @Nullable Map<String, ProcedureDefinition> common;

  /// What every store has. It is made when somebody asks for a procedure: that takes a quarter of
  /// the time in which a JVM that just started opens a store.
  private Map<String, ProcedureDefinition> common() {
    Map<String, ProcedureDefinition> known = common;
    if (known == null) {
      known =
          Stream.of(
                  BuiltInProcedures.all(),
                  SchemaProcedures.all(),
                  StatisticsProcedures.all(),
                  AlgorithmProcedures.all())
              .flatMap(List::stream)
              .collect(Collectors.toUnmodifiableMap(one -> key(one.name()), one -> one));
      common = known;
    }
    return known;
  }

  /// Adds a procedure.
  ///
  /// @throws ProcedureException if its name is taken
  public void add(ProcedureDefinition procedure) {
    String key = key(procedure.name());
    if (common().containsKey(key) || procedures.putIfAbsent(key, procedure) != null) {
      throw taken("procedure", procedure.name());
    }
  }

  /// Adds a function.
  ///
  /// @throws ProcedureException if its name is taken
  public void add(FunctionDefinition function) {
    if (functions.putIfAbsent(key(function.name()), function) != null) {
      throw taken("function", function.name());
    }
  }

  /// The error of a name that cannot be registered again.
  public static ProcedureException taken(String what, String name) {
    return new ProcedureException(
        ErrorCode.PROCEDURE_EXISTS,
        "there is a " + what + " `" + name + "` already",
        null,
        "register it once per open store, under a name of its own, such as `app." + name + "`",
        null);
  }

  /// The procedure of a name; null if there is none.
  public @Nullable ProcedureDefinition procedure(String name) {
    ProcedureDefinition found = common().get(key(name));
    return found != null ? found : procedures.get(key(name));
  }

  /// The function of a name; null if there is none.
  public @Nullable FunctionDefinition function(String name) {
    return functions.get(key(name));
  }

  /// Names of all procedures, for "did you mean".
  public Set<String> procedureNames() {
    Set<String> names = new TreeSet<>();
    common().values().forEach(procedure -> names.add(procedure.name()));
    procedures.values().forEach(procedure -> names.add(procedure.name()));
    return names;
  }

  /// Names of all functions that are not part of the language.
  public Set<String> functionNames() {
    Set<String> names = new TreeSet<>();
    functions.values().forEach(function -> names.add(function.name()));
    return names;
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
