import { SUBGROUP_ORDER } from '../../../protocol/constants.ts';
import { elligator2 } from '../../../protocol/curve/hash-to-group.ts';
import { addPoints, IDENTITY, mulPoint, type Point } from '../../../protocol/curve/point.ts';

/** All eight points of Baby Jubjub whose order divides the cofactor, the neutral element first. */
export function torsionPoints(): Point[] {
  for (let u = 1n; ; u++) {
    const candidate = mulPoint(elligator2(u).point, SUBGROUP_ORDER);
    if (mulPoint(candidate, 4n).y === IDENTITY.y) continue; // order below 8
    const points = [IDENTITY];
    while (points.length < 8) points.push(addPoints(points[points.length - 1], candidate));
    return points;
  }
}
