package dev.quarry.storage.torture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;

/// Changes one segment of a log, and mends its checksums: headers, records, and how they follow
/// each other.
final class LogMutation {
  private static final int HEADER = 512;
  private static final int SEGMENT_CRC = 48;
  private static final int BATCH = 64;
  private static final int BATCH_CRC = 36;
  private static final int ALIGNMENT = 512;
  // The fields of a segment's header and of a batch's header: offset and bytes.
  private static final int[][] SEGMENT = {{0, 8}, {8, 8}, {16, 8}, {24, 8}, {32, 8}, {40, 8}};
  private static final int[][] FIELDS = {{0, 4}, {4, 4}, {8, 8}, {16, 8}, {24, 8}, {32, 4}};

  private final ByteBuffer log;
  private final Random random;
  private final Mutation mutation;
  private final List<Integer> batches = new ArrayList<>();

  private LogMutation(byte[] bytes, Random random) {
    this.log = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    this.random = random;
    this.mutation = new Mutation(bytes, random);
    int at = HEADER;
    while (at + BATCH < bytes.length && log.getInt(at) == 0x48435442) {
      batches.add(at);
      at += BATCH + log.getInt(at + 4) + ALIGNMENT - 1 & -ALIGNMENT;
    }
  }

  /// Makes so many changes to the bytes of a segment.
  static void change(byte[] bytes, Random random, int changes) {
    LogMutation log = new LogMutation(bytes, random);
    for (int i = 0; i < changes; i++) {
      log.change();
    }
    log.mend();
  }

  private void change() {
    int kind = random.nextInt(16);
    if (kind == 0 || batches.isEmpty()) {
      int[] field = SEGMENT[random.nextInt(SEGMENT.length)];
      mutation.set(field[0], field[1], 0, HEADER);
    } else if (kind == 1) {
      copyBatch();
    } else if (kind < 4) {
      int[] field = FIELDS[random.nextInt(FIELDS.length)];
      mutation.set(batch() + field[0], field[1], 0, HEADER);
    } else {
      record(batch());
    }
  }

  private int batch() {
    return batches.get(random.nextInt(batches.size()));
  }

  /// A batch takes the place of another one, under its number.
  private void copyBatch() {
    int from = batch();
    int to = batch();
    long lsn = log.getLong(to + 8);
    int count = Math.min(ALIGNMENT, log.capacity() - Math.max(from, to));
    System.arraycopy(log.array(), from, log.array(), to, count);
    log.putLong(to + 8, lsn);
  }

  /// Changes one record of a batch, or which of them there are.
  private void record(int batch) {
    List<byte[]> records = records(batch);
    if (records.isEmpty()) {
      return;
    }
    int i = random.nextInt(records.size());
    byte[] record = records.get(i);
    switch (random.nextInt(12)) {
      case 0 -> records.remove(i);
      case 1 -> records.add(random.nextInt(records.size()), record);
      case 2 -> records.set(i, records.get(random.nextInt(records.size())));
      case 3 -> records.set(i, Arrays.copyOf(record, random.nextInt(record.length + 1)));
      case 4 -> records.set(i, Arrays.copyOf(record, record.length + 1 + random.nextInt(16)));
      case 5 -> records.add(records.remove(i));
      case 6 -> {
        int at = BATCH + batch; // a length that is wrong, with all that comes behind it
        mutation.set(at, 4, batch, BATCH);
        return;
      }
      default -> {
        if (record.length > 0) {
          new Mutation(record, random).anywhere(0, record.length);
        }
      }
    }
    put(batch, records);
  }

  private List<byte[]> records(int batch) {
    List<byte[]> records = new ArrayList<>();
    int end = batch + BATCH + log.getInt(batch + 4);
    int at = batch + BATCH;
    for (int left = log.getInt(batch + 32); left > 0 && at + 4 <= end; left--) {
      int length = log.getInt(at);
      if (length < 0 || end > log.capacity() || length > end - at - 4) {
        return List.of();
      }
      records.add(Arrays.copyOfRange(log.array(), at + 4, at + 4 + length));
      at += 4 + length;
    }
    return records;
  }

  /// Writes records, as far as the room of the batch goes.
  private void put(int batch, List<byte[]> records) {
    int next = batches.indexOf(batch) + 1;
    int end = next < batches.size() ? batches.get(next) : log.capacity();
    int at = batch + BATCH;
    int count = 0;
    for (byte[] record : records) {
      if (at + 4 + record.length > end) {
        break;
      }
      log.putInt(at, record.length);
      log.put(at + 4, record);
      at += 4 + record.length;
      count++;
    }
    log.putInt(batch + 4, at - batch - BATCH).putInt(batch + 32, count);
  }

  private void mend() {
    CRC32C crc = new CRC32C();
    crc.update(log.array(), 0, SEGMENT_CRC);
    log.putInt(SEGMENT_CRC, (int) crc.getValue());
    for (int batch : batches) {
      int length = log.getInt(batch + 4);
      if (length >= 0 && length <= log.capacity() - batch - BATCH) {
        ByteBuffer seed = ByteBuffer.allocate(32);
        seed.putLong(log.getLong(8)).putLong(log.getLong(16)).putLong(log.getLong(24));
        seed.putLong(log.getLong(batch + 8));
        log.putInt(batch + BATCH_CRC, 0);
        crc.reset();
        crc.update(seed.flip());
        crc.update(log.array(), batch, BATCH + length);
        log.putInt(batch + BATCH_CRC, (int) crc.getValue());
      }
    }
  }
}
