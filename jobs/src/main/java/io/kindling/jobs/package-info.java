/**
 * The command line: {@link io.kindling.jobs.Kindling} and one class a job. Each job is a picocli
 * command whose options can also stand in a YAML file; it runs the same from {@code bin/kindling}
 * and under {@code spark-submit}.
 *
 * <p>To add a job, write one class that extends {@link io.kindling.jobs.Job} and name it among
 * {@code Kindling}'s subcommands.
 */
package io.kindling.jobs;
