/** The columns of German credit in file order, what the file calls them and their values, and how people read them. */
import type { Column } from '../../dataset.ts';

export interface CodedColumn {
  /** In the line of names that some copies of the file begin with. */
  readonly header: string;
  readonly column: Column;
  /** Of a category, parallel to its texts: what stands in the file. */
  readonly codes?: readonly string[];
}

const number = (header: string, name: string): CodedColumn => ({ header, column: { name } });

/** `values`: the publisher's codes with their meaning. */
const category = (
  header: string,
  name: string,
  values: Readonly<Record<string, string>>,
  ordered = false,
): CodedColumn => ({
  header,
  codes: Object.keys(values),
  column: { name, categories: Object.values(values), ...(ordered && { ordered }) },
});

const ordered = (header: string, name: string, values: Readonly<Record<string, string>>): CodedColumn =>
  category(header, name, values, true);

/**
 * Meanings as in the publisher's `german.doc`; its values that no record has are left out (A47, a holiday, and A95, a
 * single woman). Ordered is what has an order throughout: "none" and "unknown" have no place among amounts, so checking
 * status, savings and property are not. "unknown or none" is an answer, not a gap, as nobody can tell which it is.
 */
export const GERMAN_CREDIT_COLUMNS: readonly CodedColumn[] = [
  category('STATUS_ACCOUNT', 'checking-status', {
    A11: 'below 0 DM',
    A12: '0 to 200 DM',
    A13: '200 DM and more, or salary paid in for a year',
    A14: 'no checking account',
  }),
  number('DURATION_MONTHS', 'duration-months'),
  category('CREDIT_HISTORY', 'credit-history', {
    A30: 'no credits, or all paid back duly',
    A31: 'all credits at this bank paid back duly',
    A32: 'existing credits paid back duly till now',
    A33: 'delay in the past',
    A34: 'critical account, or credits elsewhere',
  }),
  category('PURPOSE', 'purpose', {
    A40: 'new car',
    A41: 'used car',
    A42: 'furniture or equipment',
    A43: 'radio or television',
    A44: 'domestic appliances',
    A45: 'repairs',
    A46: 'education',
    A48: 'retraining',
    A49: 'business',
    A410: 'others',
  }),
  number('AMOUNT', 'amount'),
  category('BONDS', 'savings', {
    A61: 'below 100 DM',
    A62: '100 to 500 DM',
    A63: '500 to 1000 DM',
    A64: '1000 DM and more',
    A65: 'unknown or none',
  }),
  ordered('EMPLOYMENT', 'employment', {
    A71: 'unemployed',
    A72: 'below 1 year',
    A73: '1 to 4 years',
    A74: '4 to 7 years',
    A75: '7 years and more',
  }),
  number('INSTALLMENT_RATE', 'installment-rate'),
  category('PERSONAL_STATUS_AND_SEX', 'personal-status-sex', {
    A91: 'male, divorced or separated',
    A92: 'female, divorced, separated or married',
    A93: 'male, single',
    A94: 'male, married or widowed',
  }),
  category('OTHER_DEBTORS', 'other-debtors', { A101: 'none', A102: 'co-applicant', A103: 'guarantor' }),
  number('PRESENT_RESIDENCE_SINCE', 'residence-since'),
  category('PROPERTY', 'property', {
    A121: 'real estate',
    A122: 'building society savings or life insurance',
    A123: 'car or other',
    A124: 'unknown or none',
  }),
  number('AGE', 'age'),
  category('INSTALLMENT_PLANS', 'installment-plans', { A141: 'bank', A142: 'stores', A143: 'none' }),
  category('HOUSING', 'housing', { A151: 'rent', A152: 'own', A153: 'for free' }),
  number('NUMBER_OF_CREDIT_CARDS', 'existing-credits'),
  ordered('JOB', 'job', {
    A171: 'unemployed, or unskilled and non-resident',
    A172: 'unskilled, resident',
    A173: 'skilled employee or official',
    A174: 'management, self-employed or highly qualified',
  }),
  number('LIABLE_PEOPLE', 'dependents'),
  ordered('TELEPHONE', 'telephone', { A191: 'no', A192: 'yes' }),
  ordered('FOREIGN', 'foreign-worker', { A202: 'no', A201: 'yes' }),
];

/** The last column. The publisher writes bad as 2, some copies as 0; the order makes class 1 the rare one. */
export const GERMAN_CREDIT_LABEL = {
  header: 'CLASSIFICATION',
  name: 'credit',
  classes: ['good', 'bad'],
  codes: { '1': 0, '2': 1, '0': 1 },
} as const;
