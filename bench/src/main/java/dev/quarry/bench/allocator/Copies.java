package dev.quarry.bench.allocator;

import java.io.IOException;
import java.io.InputStream;
import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/// Copies of a class of this package, as hidden classes.
///
/// The JVM compiles a method for what its call sites have seen. A copy has call sites of its own,
/// so what runs in it is compiled for one contender, as it would be in a program that has one
/// allocator. A copy may have an object as its data, which is a constant to the compiler when kept
/// in a static final field.
final class Copies {
  private Copies() {}

  /// A new copy of a class, by its constructor.
  ///
  /// @param data what [#data] gives in the copy
  /// @param parameters of the constructor
  static MethodHandle constructor(Class<?> template, Object data, Class<?>... parameters) {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    try (InputStream in = template.getResourceAsStream(template.getSimpleName() + ".class")) {
      if (in == null) {
        throw new IllegalStateException("no class file of " + template);
      }
      MethodHandles.Lookup copy =
          lookup.defineHiddenClassWithClassData(in.readAllBytes(), data, false);
      MethodType type = MethodType.methodType(void.class, parameters);
      return copy.findConstructor(copy.lookupClass(), type);
    } catch (IOException | ReflectiveOperationException e) {
      throw new IllegalStateException(template + " cannot be copied", e);
    }
  }

  /// The data of a copy, asked for by the copy itself.
  static <T> T data(MethodHandles.Lookup copy, Class<T> type) {
    try {
      return type.cast(MethodHandles.classData(copy, ConstantDescs.DEFAULT_NAME, type));
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(copy.lookupClass() + " has no data", e);
    }
  }
}
