/**
 * What each Security event holds: the names of its event data, as Microsoft's audit documentation lists them and recorded events
 * have them, and the audit subcategory that makes Windows write it (which is its task name too).
 *
 * `S` stands for the subject's four fields, `T` for the target account's, `P` for a process, `A` for the attributes of an account.
 */

const GROUPS: { readonly [letter: string]: string } = {
  S: "SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId",
  T: "TargetUserName TargetDomainName TargetSid",
  P: "ProcessId ProcessName",
  A: "SamAccountName DisplayName UserPrincipalName HomeDirectory HomePath ScriptPath ProfilePath UserWorkstations PasswordLastSet AccountExpires PrimaryGroupId AllowedToDelegateTo OldUacValue NewUacValue UserAccountControl UserParameters SidHistory LogonHours PrivilegeList",
};

/** code(s) | audit subcategory | event data. */
const ROWS = `
1100 | Service shutdown |
1102 | Log clear | user_data.xml_name user_data.SubjectUserSid user_data.SubjectUserName user_data.SubjectDomainName user_data.SubjectLogonId
1104 | Event processing |
1105 | Event processing | user_data.xml_name user_data.Channel user_data.BackupPath
1108 | Event processing | user_data.xml_name user_data.ErrorCode user_data.EventID user_data.PubID
4610 | Security System Extension | AuthenticationPackageName
4611 | Security System Extension | S LogonProcessName
4614 | Security System Extension | NotificationPackageName
4616 | Security State Change | S P PreviousTime NewTime PreviousDate NewDate
4622 | Security System Extension | SecurityPackageName
4624 | Logon | S P TargetUserSid TargetUserName TargetDomainName TargetLogonId LogonType LogonProcessName AuthenticationPackageName WorkstationName LogonGuid TransmittedServices LmPackageName KeyLength IpAddress IpPort ImpersonationLevel RestrictedAdminMode RemoteCredentialGuard TargetOutboundUserName TargetOutboundDomainName VirtualAccount TargetLinkedLogonId ElevatedToken
4625 | Logon | S P TargetUserSid TargetUserName TargetDomainName Status FailureReason SubStatus LogonType LogonProcessName AuthenticationPackageName WorkstationName TransmittedServices LmPackageName KeyLength IpAddress IpPort
4634 | Logoff | TargetUserSid TargetUserName TargetDomainName TargetLogonId LogonType
4647 | Logoff | TargetUserSid TargetUserName TargetDomainName TargetLogonId
4648 | Logon | S P LogonGuid TargetUserName TargetDomainName TargetLogonGuid TargetServerName TargetInfo IpAddress IpPort
4656 | File System | S P ObjectServer ObjectType ObjectName HandleId TransactionId AccessList AccessReason AccessMask PrivilegeList RestrictedSidCount ResourceAttributes
4657 | Registry | S P ObjectName ObjectValueName HandleId OperationType OldValueType OldValue NewValueType NewValue
4658 | File System | S P ObjectServer HandleId
4660 | File System | S P ObjectServer HandleId TransactionId
4662 | Directory Service Access | S ObjectServer ObjectType ObjectName OperationType HandleId AccessList AccessMask Properties AdditionalInfo AdditionalInfo2
4663 | File System | S P ObjectServer ObjectType ObjectName HandleId AccessList AccessMask ResourceAttributes
4670 | Authorization Policy Change | S P ObjectServer ObjectType ObjectName HandleId OldSd NewSd
4672 | Special Logon | S PrivilegeList
4673 | Sensitive Privilege Use | S P ObjectServer Service PrivilegeList
4674 | Sensitive Privilege Use | S P ObjectServer ObjectType ObjectName HandleId AccessMask PrivilegeList
4688 | Process Creation | S NewProcessId NewProcessName TokenElevationType ProcessId CommandLine TargetUserSid TargetUserName TargetDomainName TargetLogonId ParentProcessName MandatoryLabel
4689 | Process Termination | S P Status
4697 | Security System Extension | S ServiceName ServiceFileName ServiceType ServiceStartType ServiceAccount ClientProcessStartKey ClientProcessId ParentProcessId
4698 4699 4700 4701 | Other Object Access Events | S TaskName TaskContent ClientProcessStartKey ClientProcessId ParentProcessId RpcCallClientLocality FQDN
4702 | Other Object Access Events | S TaskName TaskContentNew ClientProcessStartKey ClientProcessId ParentProcessId RpcCallClientLocality FQDN
4706 4716 | Authentication Policy Change | S DomainName DomainSid TdoType TdoDirection TdoAttributes SidFilteringEnabled
4707 | Authentication Policy Change | S DomainName DomainSid
4713 | Authentication Policy Change | S KerberosPolicyChange
4714 | Authorization Policy Change | S EfsPolicyChange
4715 | Audit Policy Change | S OldSd NewSd
4717 | Authentication Policy Change | S TargetSid AccessGranted
4718 | Authentication Policy Change | S TargetSid AccessRemoved
4719 | Audit Policy Change | S CategoryId SubcategoryId SubcategoryGuid AuditPolicyChanges ClientProcessId ClientProcessStartKey
4720 | User Account Management | S T A
4722 4724 4725 4740 4767 | User Account Management | S T
4723 4726 | User Account Management | S T PrivilegeList
4738 | User Account Management | S T A Dummy
4781 | User Account Management | S OldTargetUserName NewTargetUserName TargetDomainName TargetSid PrivilegeList
4797 | User Account Management | S Workstation TargetUserName TargetDomainName
4798 | User Account Management | S T CallerProcessId CallerProcessName
4727 4731 4735 4737 4754 4755 | Security Group Management | S T PrivilegeList SamAccountName SidHistory
4728 4729 4732 4733 4756 4757 | Security Group Management | S T MemberName MemberSid PrivilegeList MembershipExpirationTime
4730 4734 4758 | Security Group Management | S T PrivilegeList
4764 | Security Group Management | S T GroupTypeChange PrivilegeList
4799 | Security Group Management | S T CallerProcessId CallerProcessName
4744 4745 4749 4750 4759 4760 | Distribution Group Management | S T PrivilegeList SamAccountName SidHistory
4746 4747 4751 4752 4761 4762 | Distribution Group Management | S T MemberName MemberSid PrivilegeList MembershipExpirationTime
4748 4753 4763 | Distribution Group Management | S T PrivilegeList
4739 | Authentication Policy Change | S DomainPolicyChanged DomainName DomainSid MinPasswordAge MaxPasswordAge ForceLogoff LockoutThreshold LockoutObservationWindow LockoutDuration PasswordProperties MinPasswordLength PasswordHistoryLength MachineAccountQuota MixedDomainMode DomainBehaviorVersion OemInformation PrivilegeList
4741 | Computer Account Management | S T A DnsHostName ServicePrincipalNames
4742 | Computer Account Management | S T A ComputerAccountChange DnsHostName ServicePrincipalNames
4743 | Computer Account Management | S T PrivilegeList
4768 | Kerberos Authentication Service | TargetUserName TargetDomainName TargetSid ServiceName ServiceSid TicketOptions Status TicketEncryptionType PreAuthType IpAddress IpPort CertIssuerName CertSerialNumber CertThumbprint ResponseTicket AccountSupportedEncryptionTypes AccountAvailableKeys ServiceSupportedEncryptionTypes ServiceAvailableKeys DCSupportedEncryptionTypes DCAvailableKeys ClientAdvertizedEncryptionTypes SessionKeyEncryptionType PreAuthEncryptionType
4769 | Kerberos Service Ticket Operations | TargetUserName TargetDomainName ServiceName ServiceSid TicketOptions TicketEncryptionType IpAddress IpPort Status LogonGuid TransmittedServices RequestTicketHash ResponseTicketHash AccountSupportedEncryptionTypes AccountAvailableKeys ServiceSupportedEncryptionTypes ServiceAvailableKeys DCSupportedEncryptionTypes DCAvailableKeys ClientAdvertizedEncryptionTypes SessionKeyEncryptionType
4770 | Kerberos Service Ticket Operations | TargetUserName TargetDomainName ServiceName ServiceSid TicketOptions TicketEncryptionType IpAddress IpPort
4771 | Kerberos Authentication Service | TargetUserName TargetSid ServiceName TicketOptions Status PreAuthType IpAddress IpPort CertIssuerName CertSerialNumber CertThumbprint
4776 | Credential Validation | PackageName TargetUserName Workstation Status
4778 4779 | Other Logon/Logoff Events | AccountName AccountDomain LogonID SessionName ClientName ClientAddress
4817 | Audit Policy Change | S ObjectServer ObjectType ObjectName OldSd NewSd
4902 | Audit Policy Change | PuaCount PuaPolicyId
4904 4905 | Audit Policy Change | S P AuditSourceName EventSourceId
4906 | Audit Policy Change | CrashOnAuditFailValue
4907 | Audit Policy Change | S P ObjectServer ObjectType ObjectName HandleId OldSd NewSd
4908 | Audit Policy Change | SidList
4912 | Audit Policy Change | S TargetUserSid CategoryId SubcategoryId SubcategoryGuid AuditPolicyChanges
4950 | MPSSVC Rule-Level Policy Change | ProfileChanged SettingType SettingValue
4954 | MPSSVC Rule-Level Policy Change |
4964 | Special Logon | S LogonGuid TargetUserSid TargetUserName TargetDomainName TargetLogonId TargetLogonGuid SidList
5024 5025 5033 5034 | Other System Events |
5037 | Other System Events | ErrorCode
5137 | Directory Service Changes | S OpCorrelationID AppCorrelationID DSName DSType ObjectDN ObjectGUID ObjectClass
5141 | Directory Service Changes | S OpCorrelationID AppCorrelationID DSName DSType ObjectDN ObjectGUID ObjectClass TreeDelete
5136 | Directory Service Changes | S OpCorrelationID AppCorrelationID DSName DSType ObjectDN ObjectGUID ObjectClass AttributeLDAPDisplayName AttributeSyntaxOID AttributeValue OperationType
5140 | File Share | S ObjectType IpAddress IpPort ShareName ShareLocalPath AccessMask AccessList
5142 5144 | File Share | S ShareName ShareLocalPath
5143 | File Share | S ObjectType ShareName ShareLocalPath OldRemark NewRemark OldMaxUsers NewMaxUsers OldShareFlags NewShareFlags OldSD NewSD
5145 | Detailed File Share | S ObjectType IpAddress IpPort ShareName ShareLocalPath RelativeTargetName AccessMask AccessList AccessReason
5156 | Filtering Platform Connection | ProcessID Application Direction SourceAddress SourcePort DestAddress DestPort Protocol InterfaceIndex FilterOrigin FilterRTID LayerName LayerRTID RemoteUserID RemoteMachineID OriginalProfile CurrentProfile IsLoopback HasRemoteDynamicKeywordAddress
5152 | Filtering Platform Packet Drop | ProcessId Application Direction SourceAddress SourcePort DestAddress DestPort Protocol FilterOrigin FilterRTID LayerName LayerRTID
5157 | Filtering Platform Connection | ProcessID Application Direction SourceAddress SourcePort DestAddress DestPort Protocol InterfaceIndex FilterOrigin FilterRTID LayerName LayerRTID RemoteUserID RemoteMachineID OriginalProfile CurrentProfile IsLoopback HasRemoteDynamicKeywordAddress
5158 | Filtering Platform Connection | ProcessId Application SourceAddress SourcePort Protocol FilterRTID LayerName LayerRTID
5379 | User Account Management | S TargetName Type CountOfCredentialsReturned ReadOperation ReturnCode ProcessCreationTime ClientProcessId
5380 | User Account Management | S SearchString SchemaFriendlyName Schema CountOfCredentialsReturned ProcessCreationTime ClientProcessId
5381 | User Account Management | S Flags CountOfCredentialsReturned ProcessCreationTime ClientProcessId
5382 | User Account Management | S SchemaFriendlyName Schema Resource Identity PackageSid Flags ReturnCode ProcessCreationTime ClientProcessId
`;

/** Subcategories whose events Windows writes whatever the audit policy says. */
const ALWAYS = new Set(["Service shutdown", "Log clear", "Event processing", "Security State Change"]);
/** Other conditions besides the subcategory. */
const CONDITIONS: { readonly [code: string]: string } = {
  "4688": "command lines only with the policy Include command line in process creation events",
  "4656": "a SACL on the object",
  "4657": "a SACL on the key",
  "4658": "a SACL on the object, or Audit Handle Manipulation",
  "4660": "a SACL on the object",
  "4662": "a SACL on the directory object",
  "4663": "a SACL on the object",
  "5136": "a SACL on the directory object",
};

export interface RecordedEvent {
  readonly code: string;
  /** The task name, which is `event.action` where no pipeline sets another. */
  readonly tasks: readonly string[];
  readonly audit: string;
  /** Names of the event data; `user_data.*` for events that have user data instead. */
  readonly data: readonly string[];
}

export const SECURITY_EVENTS: readonly RecordedEvent[] = ROWS.trim()
  .split("\n")
  .flatMap((row) => {
    const [codes, subcategory, names] = row.split("|").map((part) => part.trim()) as [string, string, string];
    const data = names === "" ? [] : names.split(" ").flatMap((name) => GROUPS[name]?.split(" ") ?? [name]);
    return codes.split(" ").map((code): RecordedEvent => {
      const condition = CONDITIONS[code];
      const audit = ALWAYS.has(subcategory) ? "always written" : `audit subcategory ${subcategory}`;
      return { code, tasks: [subcategory], audit: condition === undefined ? audit : `${audit}; ${condition}`, data };
    });
  });
