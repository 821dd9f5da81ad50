package dev.quarry.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/// Makes the identities of stores: version 4 of RFC 9562, 122 random bits.
///
/// They come from the random device of the system, if there is one. [UUID#randomUUID()] takes its
/// bits from there, too, but looks for a provider of security first: in a JVM that just started
/// that took 9 ms, more than anything else of making a store.
final class Identities {
  private static final Path DEVICE = Path.of("/dev/urandom");

  private Identities() {}

  static UUID make() {
    return make(DEVICE);
  }

  /// @param device endless random bytes, or nothing
  static UUID make(Path device) {
    try (InputStream bits = Files.newInputStream(device)) {
      ByteBuffer read = ByteBuffer.allocate(2 * Long.BYTES);
      boolean isWhole = bits.readNBytes(read.array(), 0, read.capacity()) == read.capacity();
      return isWhole ? of(read.getLong(), read.getLong()) : UUID.randomUUID();
    } catch (IOException e) {
      return UUID.randomUUID();
    }
  }

  /// The identity with these bits, but for six that say of which version and variant it is.
  static UUID of(long most, long least) {
    return new UUID(most & ~0xF000L | 0x4000L, least & ~0L >>> 2 | 1L << 63);
  }
}
