/** The scripts of the catalogue's pages. Small, and run as a classic script so that pages opened from a disk have them too. */
import { bench } from "../islands/bench.ts";
import { copyButtons } from "../islands/copy.ts";
import { filters } from "../islands/filters.ts";
import { fleet } from "../islands/fleet.ts";
import { openTarget } from "../islands/open-target.ts";
import { playbook } from "../islands/playbook.ts";

openTarget();
copyButtons();
filters();
fleet();
playbook();
bench();
