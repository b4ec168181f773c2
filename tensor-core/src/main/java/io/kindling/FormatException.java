package io.kindling;

/** A file or message that is not what it claims to be. */
public class FormatException extends KindlingException {
  private static final long serialVersionUID = 1L;

  public FormatException(String message) {
    super(message);
  }

  public FormatException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * For a file that cannot be read on.
   *
   * @param file its name
   * @param offset the byte at which reading stopped making sense
   * @param reason what is wrong there
   */
  public FormatException(String file, long offset, String reason) {
    super(at(file, offset, reason));
  }

  public FormatException(String file, long offset, String reason, Throwable cause) {
    super(at(file, offset, reason), cause);
  }

  private static String at(String file, long offset, String reason) {
    return file + ": at byte " + offset + ": " + reason;
  }
}
