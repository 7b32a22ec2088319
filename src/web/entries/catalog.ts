/** The scripts of the catalogue's pages. Small, and run as a classic script so that pages opened from a disk have them too. */
import { bench } from "../islands/bench.ts";
import { copyButtons } from "../islands/copy.ts";
import { filters } from "../islands/filters.ts";
import { fleet } from "../islands/fleet.ts";
import { getQuery } from "../islands/get-query.ts";
import { measured } from "../islands/measured.ts";
import { movedAnchors } from "../islands/moved-anchors.ts";
import { openTarget } from "../islands/open-target.ts";
import { playbook } from "../islands/playbook.ts";
import { respond } from "../islands/respond.ts";
import { search } from "../islands/search.ts";

movedAnchors();
openTarget();
copyButtons();
filters();
fleet();
playbook();
getQuery();
respond();
search();
measured();
bench();
