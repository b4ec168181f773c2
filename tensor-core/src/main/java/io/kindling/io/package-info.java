/**
 * File formats, a package each. Files are untrusted input: a reader checks every size against the
 * bytes that are there before it allocates, and answers a bad file with one {@link
 * io.kindling.FormatException} that names the file, the offset and the reason.
 *
 * <p>To add a format, add a package with its reader and writer, and a test that feeds the reader
 * truncated and mutated files.
 */
package io.kindling.io;
