/**
 * Files wherever they lie: {@link io.kindling.data.fs.DataFile} is what readers take, {@link
 * io.kindling.data.fs.LocalFile} is one of this machine, {@link io.kindling.data.fs.HadoopFile} one
 * of any Hadoop file system (HDFS, S3 and the others).
 *
 * <p>To read from elsewhere, implement {@code DataFile}.
 */
package io.kindling.data.fs;
