package dev.quarry.bench.allocator;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;

/// Direct byte buffers; they come zeroed, and are freed by `Unsafe.invokeCleaner`, as the collector
/// would do it some time.
final class DirectBlocks implements Blocks {
  private static final MethodHandle INVOKE_CLEANER = invokeCleaner();

  private final ByteBuffer[] buffers;

  DirectBlocks(int count) {
    buffers = new ByteBuffer[count];
  }

  private static MethodHandle invokeCleaner() {
    try {
      Class<?> unsafe = Class.forName("sun.misc.Unsafe");
      Field field = unsafe.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      MethodType type = MethodType.methodType(void.class, ByteBuffer.class);
      return MethodHandles.lookup()
          .findVirtual(unsafe, "invokeCleaner", type)
          .bindTo(field.get(null));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("direct buffers cannot be freed on this JVM", e);
    }
  }

  @Override
  public void allocate(int block, int bytes) {
    buffers[block] = ByteBuffer.allocateDirect(bytes);
  }

  @Override
  public void free(int block) {
    try {
      INVOKE_CLEANER.invokeExact(buffers[block]);
    } catch (Throwable e) {
      throw new IllegalStateException("a direct buffer could not be freed", e);
    }
  }

  @Override
  public void putLong(int block, int offset, long value) {
    buffers[block].putLong(offset, value);
  }

  @Override
  public long getLong(int block, int offset) {
    return buffers[block].getLong(offset);
  }

  @Override
  public void close() {}
}
