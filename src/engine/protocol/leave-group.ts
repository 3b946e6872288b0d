/** LeaveGroup (API key 13): fields as in version 5 of Apache Kafka 4.4.0. */
export interface LeaveGroupRequest {
  readonly groupId: string;
  readonly members: readonly LeaveGroupRequestMember[];
}

export interface LeaveGroupRequestMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly reason: string | null;
}

export interface LeaveGroupResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly members: readonly LeaveGroupResponseMember[];
}

export interface LeaveGroupResponseMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly errorCode: number;
}
