/** The script of the page on which exceptions are written; no other page loads it. */
import { writeException } from "../islands/write-exception.ts";

writeException();
