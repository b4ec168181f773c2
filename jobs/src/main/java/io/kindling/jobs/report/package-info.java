/** What jobs show a person: progress, evaluation and pictures, as plain text. */
package io.kindling.jobs.report;
