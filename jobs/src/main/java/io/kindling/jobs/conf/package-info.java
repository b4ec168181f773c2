/** The options that jobs share, and how a YAML file supplies them. */
package io.kindling.jobs.conf;
