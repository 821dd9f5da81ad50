package dev.quarry.cli.demo;

import dev.quarry.graph.LoadPlan;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// The sample graph that comes with Quarry: airports and the routes between them, from
/// krlawrence/graph (Apache-2.0), as CSV with neo4j-admin's headers.
public final class SampleData {
  private static final String[] FILES = {
    "airports", "countries", "continents", "routes", "contains"
  };

  private SampleData() {}

  /// Copies the files to a folder and says how to load them.
  public static LoadPlan plan(Path folder) {
    for (String file : FILES) {
      copy(file + ".csv.gz", folder);
    }
    return new LoadPlan()
        .nodes("airport", folder.resolve("airports.csv.gz"))
        .nodes("country", folder.resolve("countries.csv.gz"))
        .nodes("continent", folder.resolve("continents.csv.gz"))
        .relationships("route", folder.resolve("routes.csv.gz"))
        .relationships("contains", folder.resolve("contains.csv.gz"));
  }

  private static void copy(String name, Path folder) {
    String resource = "/dev/quarry/cli/air-routes/" + name;
    try (InputStream in = SampleData.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the sample data " + resource + " is missing");
      }
      Files.copy(in, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
