/** What `ml-doctor init --policy` writes: a policy that works as it stands, with the other rules in comments. */

/** `policy.yaml`, for the report of an audit of membership attacks. */
export function policyTemplate(): string {
  return `# A policy: what a report must say before a model may go on.
# Hold a report against it with: ml-doctor gate ml-doctor-out --policy policy.yaml
# Exit status: 0 it passes, 1 the gate says no, 2 the policy or the report is at fault.
# A line that begins with # and no space is an option that can be switched on.

#name: My policy

# The worst verdict that attacks of a family may get: none-found, low or moderate.
verdicts:
  membership: low
  #inversion: low
  #attribute: low
  #stealing: moderate

# What a verdict counts as that had too few records to tell. It does not rule out a moderate leak, hence:
#inconclusive: moderate

# Limits on metrics, by their names in report.json. What is held against max is the upper end of the interval,
# so that uncertainty counts against the model; bound: value would take the estimate. What the report lacks is a no.
limits:
  - attack: membership/*
    metric: tprAtFpr0.01
    max: 0.05
  - { attack: membership/*, metric: auc, max: 0.6, missing: allow }
  #- { attack: stealing/*, metric: agreement, bound: value, max: 0.9 }

# Attacks that must be in the report and finished; access, auxiliary and output say of which attacker.
required:
  - membership/loss-threshold
  #- { attack: membership/lira, access: black-box, auxiliary: shadow }

# How long ago the audit may have finished: hours (12h), days (30d), weeks (2w) or ISO 8601 (P30D).
maximumAge: 30d

# The oldest version of ml-doctor that may have written the report.
#tool: { min: 0.1.0 }

# What the report must be about; data is data.contentHash of report.json, sha256 the hash of the model file.
#target: { name: simple-cnn, classes: 10 }

# Comparison with an earlier report (--baseline DIR): a figure got worse when it lies more than allowIncrease on the
# worse side of its old value and, with significant, the two intervals do not overlap.
#baseline: { allowIncrease: 0.01, significant: true }

# A report in which tasks failed may not pass, unless:
#holes: allow
`;
}
