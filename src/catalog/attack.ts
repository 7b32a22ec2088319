/** MITRE ATT&CK's tactics and techniques (Enterprise, Windows), by id and name. */
import { ATTACK_VERSION, TACTIC_LINES, TECHNIQUE_LINES } from "./generated/attack.ts";

/** MITRE's terms of use in full, as they ask of every copy: https://attack.mitre.org/resources/legal-and-branding/terms-of-use/ */
export const ATTACK_LICENSE = `The MITRE Corporation (MITRE) hereby grants you a non-exclusive, royalty-free license to use ATT&CK® for research, development, and commercial purposes. Any copy you make for such purposes is authorized provided that you reproduce MITRE's copyright designation and this license in any such copy.

"© 2025 The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE Corporation."

MITRE does not claim ATT&CK enumerates all possibilities for the types of actions and behaviors documented as part of its adversary model and framework of techniques. Using the information contained within ATT&CK to address or cover full categories of techniques will not guarantee full defensive coverage as there may be undisclosed techniques or variations on existing techniques not documented by ATT&CK.

ALL DOCUMENTS AND THE INFORMATION CONTAINED THEREIN ARE PROVIDED ON AN "AS IS" BASIS AND THE CONTRIBUTOR, THE ORGANIZATION HE/SHE REPRESENTS OR IS SPONSORED BY (IF ANY), THE MITRE CORPORATION, ITS BOARD OF TRUSTEES, OFFICERS, AGENTS, AND EMPLOYEES, DISCLAIM ALL WARRANTIES, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO ANY WARRANTY THAT THE USE OF THE INFORMATION THEREIN WILL NOT INFRINGE ANY RIGHTS OR ANY IMPLIED WARRANTIES OF MERCHANTABILITY OR FITNESS FOR A PARTICULAR PURPOSE.`;

export interface AttackTactic {
  /** `TA0008` */
  readonly id: string;
  /** `lateral-movement` */
  readonly short: string;
  readonly name: string;
}

export interface AttackTechnique {
  /** `T1021.002`, or `T1021` for a technique that has parts. */
  readonly id: string;
  readonly name: string;
  /** Ids of the tactics it serves. */
  readonly tactics: readonly string[];
  /** The technique it is a part of. */
  readonly parent: string | null;
}

export interface Attack {
  /** The version of ATT&CK, `18.1`. */
  readonly version: string;
  /** In the order of MITRE's matrix. */
  readonly tactics: readonly AttackTactic[];
  /** By id: a technique is followed by its parts. */
  readonly techniques: readonly AttackTechnique[];
}

let table: Attack | undefined;

/** Made at first use. */
export function attack(): Attack {
  table ??= read();
  return table;
}

/** The tactics in the order of MITRE's matrix, without the far larger table of techniques. */
export function attackTactics(): AttackTactic[] {
  return TACTIC_LINES.split("\n").map((line) => {
    const [id, short, name] = line.split("|") as [string, string, string];
    return { id, short, name };
  });
}

function read(): Attack {
  const tactics = attackTactics();
  const techniques = TECHNIQUE_LINES.split("\n").map((line): AttackTechnique => {
    const [id, name, places] = line.split("|") as [string, string, string];
    const dot = id.indexOf(".");
    return { id, name, tactics: places.split(" ").map((at) => tactics[Number(at)]!.id), parent: dot < 0 ? null : id.slice(0, dot) };
  });
  return { version: ATTACK_VERSION, tactics, techniques };
}
