package io.kindling.autograd;

/** A way of recording operations for a block of code; closing restores what was before. */
public interface RecordingScope extends AutoCloseable {
  @Override
  void close();
}
