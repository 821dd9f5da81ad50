package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The public signatures of the exported packages are those of the golden list.
///
/// A change is made with a decision and an entry in the CHANGELOG, and then by copying
/// `query/target/public-api.txt` over the list.
class PublicApiTest {
  private static final List<Class<?>> ROOTS =
      List.of(
          Rows.class,
          dev.quarry.graph.Node.class,
          dev.quarry.graph.algorithm.GraphAlgorithms.class,
          dev.quarry.error.QuarryException.class);

  @Test
  void signaturesAreThoseOfTheGoldenList() throws Exception {
    TreeSet<String> found = new TreeSet<>();
    for (Class<?> root : ROOTS) {
      for (Class<?> type : classes(root)) {
        describe(type, found);
      }
    }
    String text = String.join("\n", found) + "\n";
    Files.writeString(Path.of("target", "public-api.txt"), text);
    try (InputStream golden = PublicApiTest.class.getResourceAsStream("public-api.txt")) {
      String expected =
          golden == null ? "" : new String(golden.readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(expected, text);
    }
  }

  private static void describe(Class<?> type, TreeSet<String> found) {
    if (!Modifier.isPublic(type.getModifiers())) {
      return;
    }
    String name = type.getName();
    found.add(name + " : " + Modifier.toString(type.getModifiers() & ~Modifier.SYNCHRONIZED));
    for (Field field : type.getDeclaredFields()) {
      if (isVisible(field.getModifiers()) && !field.isSynthetic()) {
        found.add(name + "." + field.getName() + " : " + field.getGenericType());
      }
    }
    for (Method method : type.getDeclaredMethods()) {
      if (isVisible(method.getModifiers()) && !method.isSynthetic()) {
        found.add(
            name
                + "."
                + method.getName()
                + parameters(method.getGenericParameterTypes())
                + " : "
                + method.getGenericReturnType().getTypeName());
      }
    }
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (isVisible(constructor.getModifiers()) && !constructor.isSynthetic()) {
        found.add(name + ".new" + parameters(constructor.getGenericParameterTypes()));
      }
    }
  }

  private static boolean isVisible(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static String parameters(java.lang.reflect.Type[] types) {
    return Arrays.stream(types)
        .map(java.lang.reflect.Type::getTypeName)
        .collect(Collectors.joining(", ", "(", ")"));
  }

  /// All classes of the package of a class, whether it comes from a folder or a jar.
  private static List<Class<?>> classes(Class<?> root)
      throws IOException, URISyntaxException, ClassNotFoundException {
    URI source = root.getProtectionDomain().getCodeSource().getLocation().toURI();
    Path path = Path.of(source);
    if (Files.isDirectory(path)) {
      return classes(root, path.resolve(root.getPackageName().replace('.', '/')));
    }
    try (FileSystem jar = FileSystems.newFileSystem(path, Map.of())) {
      return classes(root, jar.getPath(root.getPackageName().replace('.', '/')));
    }
  }

  private static List<Class<?>> classes(Class<?> root, Path folder)
      throws IOException, ClassNotFoundException {
    List<Class<?>> classes = new ArrayList<>();
    try (var files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(".class") && !name.startsWith("package-info")) {
          String simple = name.substring(0, name.length() - ".class".length());
          classes.add(
              Class.forName(root.getPackageName() + "." + simple, false, root.getClassLoader()));
        }
      }
    }
    return classes;
  }
}
