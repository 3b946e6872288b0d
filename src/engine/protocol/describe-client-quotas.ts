import type { QuotaEntity } from './alter-client-quotas.ts';

/** DescribeClientQuotas (API key 48): fields as in version 1 of Apache Kafka 4.4.0. */
export interface DescribeClientQuotasRequest {
  readonly components: readonly DescribeClientQuotasRequestComponent[];
  /** Only entities of exactly these types. */
  readonly strict: boolean;
}

export interface DescribeClientQuotasRequestComponent {
  readonly entityType: string;
  /** 0: this name; 1: the default; 2: any name. */
  readonly matchType: number;
  readonly match: string | null;
}

export interface DescribeClientQuotasResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly entries: readonly DescribeClientQuotasResponseEntry[] | null;
}

export interface DescribeClientQuotasResponseEntry {
  readonly entity: readonly QuotaEntity[];
  readonly values: readonly { readonly key: string; readonly value: number }[];
}
