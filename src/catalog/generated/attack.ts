// Made by scripts/attack-table.ts from MITRE's STIX bundle. © 2025 The MITRE Corporation; ATTACK_LICENSE in ../attack.ts applies.

export const ATTACK_VERSION = "18.1";

/** `id|short name|name`, in the order of MITRE's matrix. */
export const TACTIC_LINES = `TA0043|reconnaissance|Reconnaissance
TA0042|resource-development|Resource Development
TA0001|initial-access|Initial Access
TA0002|execution|Execution
TA0003|persistence|Persistence
TA0004|privilege-escalation|Privilege Escalation
TA0005|defense-evasion|Defense Evasion
TA0006|credential-access|Credential Access
TA0007|discovery|Discovery
TA0008|lateral-movement|Lateral Movement
TA0009|collection|Collection
TA0011|command-and-control|Command and Control
TA0010|exfiltration|Exfiltration
TA0040|impact|Impact`;

/** `id|name|places of its tactics in the list above` */
export const TECHNIQUE_LINES = `T1001|Data Obfuscation|11
T1001.001|Junk Data|11
T1001.002|Steganography|11
T1001.003|Protocol or Service Impersonation|11
T1003|OS Credential Dumping|7
T1003.001|LSASS Memory|7
T1003.002|Security Account Manager|7
T1003.003|NTDS|7
T1003.004|LSA Secrets|7
T1003.005|Cached Domain Credentials|7
T1003.006|DCSync|7
T1005|Data from Local System|10
T1006|Direct Volume Access|6
T1007|System Service Discovery|8
T1008|Fallback Channels|11
T1010|Application Window Discovery|8
T1011|Exfiltration Over Other Network Medium|12
T1011.001|Exfiltration Over Bluetooth|12
T1012|Query Registry|8
T1014|Rootkit|6
T1016|System Network Configuration Discovery|8
T1016.001|Internet Connection Discovery|8
T1016.002|Wi-Fi Discovery|8
T1018|Remote System Discovery|8
T1020|Automated Exfiltration|12
T1021|Remote Services|9
T1021.001|Remote Desktop Protocol|9
T1021.002|SMB/Windows Admin Shares|9
T1021.003|Distributed Component Object Model|9
T1021.005|VNC|9
T1021.006|Windows Remote Management|9
T1025|Data from Removable Media|10
T1027|Obfuscated Files or Information|6
T1027.001|Binary Padding|6
T1027.002|Software Packing|6
T1027.003|Steganography|6
T1027.004|Compile After Delivery|6
T1027.005|Indicator Removal from Tools|6
T1027.006|HTML Smuggling|6
T1027.007|Dynamic API Resolution|6
T1027.008|Stripped Payloads|6
T1027.009|Embedded Payloads|6
T1027.010|Command Obfuscation|6
T1027.011|Fileless Storage|6
T1027.012|LNK Icon Smuggling|6
T1027.013|Encrypted/Encoded File|6
T1027.014|Polymorphic Code|6
T1027.015|Compression|6
T1027.016|Junk Code Insertion|6
T1027.017|SVG Smuggling|6
T1029|Scheduled Transfer|12
T1030|Data Transfer Size Limits|12
T1033|System Owner/User Discovery|8
T1036|Masquerading|6
T1036.001|Invalid Code Signature|6
T1036.002|Right-to-Left Override|6
T1036.003|Rename Legitimate Utilities|6
T1036.004|Masquerade Task or Service|6
T1036.005|Match Legitimate Resource Name or Location|6
T1036.007|Double File Extension|6
T1036.008|Masquerade File Type|6
T1036.010|Masquerade Account Name|6
T1036.012|Browser Fingerprint|6
T1037|Boot or Logon Initialization Scripts|4 5
T1037.001|Logon Script (Windows)|4 5
T1037.003|Network Logon Script|4 5
T1039|Data from Network Shared Drive|10
T1040|Network Sniffing|7 8
T1041|Exfiltration Over C2 Channel|12
T1046|Network Service Discovery|8
T1047|Windows Management Instrumentation|3
T1048|Exfiltration Over Alternative Protocol|12
T1048.001|Exfiltration Over Symmetric Encrypted Non-C2 Protocol|12
T1048.002|Exfiltration Over Asymmetric Encrypted Non-C2 Protocol|12
T1048.003|Exfiltration Over Unencrypted Non-C2 Protocol|12
T1049|System Network Connections Discovery|8
T1052|Exfiltration Over Physical Medium|12
T1052.001|Exfiltration over USB|12
T1053|Scheduled Task/Job|3 4 5
T1053.002|At|3 4 5
T1053.005|Scheduled Task|3 4 5
T1055|Process Injection|6 5
T1055.001|Dynamic-link Library Injection|6 5
T1055.002|Portable Executable Injection|6 5
T1055.003|Thread Execution Hijacking|6 5
T1055.004|Asynchronous Procedure Call|6 5
T1055.005|Thread Local Storage|6 5
T1055.011|Extra Window Memory Injection|6 5
T1055.012|Process Hollowing|6 5
T1055.013|Process Doppelgänging|6 5
T1055.015|ListPlanting|6 5
T1056|Input Capture|10 7
T1056.001|Keylogging|10 7
T1056.002|GUI Input Capture|10 7
T1056.003|Web Portal Capture|10 7
T1056.004|Credential API Hooking|10 7
T1057|Process Discovery|8
T1059|Command and Scripting Interpreter|3
T1059.001|PowerShell|3
T1059.003|Windows Command Shell|3
T1059.005|Visual Basic|3
T1059.006|Python|3
T1059.007|JavaScript|3
T1059.010|AutoHotKey & AutoIT|3
T1059.011|Lua|3
T1068|Exploitation for Privilege Escalation|5
T1069|Permission Groups Discovery|8
T1069.001|Local Groups|8
T1069.002|Domain Groups|8
T1070|Indicator Removal|6
T1070.001|Clear Windows Event Logs|6
T1070.003|Clear Command History|6
T1070.004|File Deletion|6
T1070.005|Network Share Connection Removal|6
T1070.006|Timestomp|6
T1070.007|Clear Network Connection History and Configurations|6
T1070.008|Clear Mailbox Data|6
T1070.009|Clear Persistence|6
T1070.010|Relocate Malware|6
T1071|Application Layer Protocol|11
T1071.001|Web Protocols|11
T1071.002|File Transfer Protocols|11
T1071.003|Mail Protocols|11
T1071.004|DNS|11
T1071.005|Publish/Subscribe Protocols|11
T1072|Software Deployment Tools|3 9
T1074|Data Staged|10
T1074.001|Local Data Staging|10
T1074.002|Remote Data Staging|10
T1078|Valid Accounts|6 4 5 2
T1078.001|Default Accounts|6 4 5 2
T1078.002|Domain Accounts|6 4 5 2
T1078.003|Local Accounts|6 4 5 2
T1080|Taint Shared Content|9
T1082|System Information Discovery|8
T1083|File and Directory Discovery|8
T1087|Account Discovery|8
T1087.001|Local Account|8
T1087.002|Domain Account|8
T1087.003|Email Account|8
T1090|Proxy|11
T1090.001|Internal Proxy|11
T1090.002|External Proxy|11
T1090.003|Multi-hop Proxy|11
T1090.004|Domain Fronting|11
T1091|Replication Through Removable Media|9 2
T1092|Communication Through Removable Media|11
T1095|Non-Application Layer Protocol|11
T1098|Account Manipulation|4 5
T1098.002|Additional Email Delegate Permissions|4 5
T1098.005|Device Registration|4 5
T1098.007|Additional Local or Domain Groups|4 5
T1102|Web Service|11
T1102.001|Dead Drop Resolver|11
T1102.002|Bidirectional Communication|11
T1102.003|One-Way Communication|11
T1104|Multi-Stage Channels|11
T1105|Ingress Tool Transfer|11
T1106|Native API|3
T1110|Brute Force|7
T1110.001|Password Guessing|7
T1110.002|Password Cracking|7
T1110.003|Password Spraying|7
T1110.004|Credential Stuffing|7
T1111|Multi-Factor Authentication Interception|7
T1112|Modify Registry|6 4
T1113|Screen Capture|10
T1114|Email Collection|10
T1114.001|Local Email Collection|10
T1114.002|Remote Email Collection|10
T1114.003|Email Forwarding Rule|10
T1115|Clipboard Data|10
T1119|Automated Collection|10
T1120|Peripheral Device Discovery|8
T1123|Audio Capture|10
T1124|System Time Discovery|8
T1125|Video Capture|10
T1127|Trusted Developer Utilities Proxy Execution|6
T1127.001|MSBuild|6
T1127.002|ClickOnce|6
T1127.003|JamPlus|6
T1129|Shared Modules|3
T1132|Data Encoding|11
T1132.001|Standard Encoding|11
T1132.002|Non-Standard Encoding|11
T1133|External Remote Services|4 2
T1134|Access Token Manipulation|6 5
T1134.001|Token Impersonation/Theft|6 5
T1134.002|Create Process with Token|6 5
T1134.003|Make and Impersonate Token|6 5
T1134.004|Parent PID Spoofing|6 5
T1134.005|SID-History Injection|6 5
T1135|Network Share Discovery|8
T1136|Create Account|4
T1136.001|Local Account|4
T1136.002|Domain Account|4
T1137|Office Application Startup|4
T1137.001|Office Template Macros|4
T1137.002|Office Test|4
T1137.003|Outlook Forms|4
T1137.004|Outlook Home Page|4
T1137.005|Outlook Rules|4
T1137.006|Add-ins|4
T1140|Deobfuscate/Decode Files or Information|6
T1176|Software Extensions|4
T1176.001|Browser Extensions|4
T1176.002|IDE Extensions|4
T1185|Browser Session Hijacking|10
T1187|Forced Authentication|7
T1189|Drive-by Compromise|2
T1190|Exploit Public-Facing Application|2
T1195|Supply Chain Compromise|2
T1195.001|Compromise Software Dependencies and Development Tools|2
T1195.002|Compromise Software Supply Chain|2
T1195.003|Compromise Hardware Supply Chain|2
T1197|BITS Jobs|6 4
T1199|Trusted Relationship|2
T1200|Hardware Additions|2
T1201|Password Policy Discovery|8
T1202|Indirect Command Execution|6
T1203|Exploitation for Client Execution|3
T1204|User Execution|3
T1204.001|Malicious Link|3
T1204.002|Malicious File|3
T1204.004|Malicious Copy and Paste|3
T1204.005|Malicious Library|3
T1205|Traffic Signaling|6 4 11
T1205.001|Port Knocking|6 4 11
T1205.002|Socket Filters|6 4 11
T1207|Rogue Domain Controller|6
T1210|Exploitation of Remote Services|9
T1211|Exploitation for Defense Evasion|6
T1212|Exploitation for Credential Access|7
T1213|Data from Information Repositories|10
T1213.002|Sharepoint|10
T1213.006|Databases|10
T1216|System Script Proxy Execution|6
T1216.001|PubPrn|6
T1216.002|SyncAppvPublishingServer|6
T1217|Browser Information Discovery|8
T1218|System Binary Proxy Execution|6
T1218.001|Compiled HTML File|6
T1218.002|Control Panel|6
T1218.003|CMSTP|6
T1218.004|InstallUtil|6
T1218.005|Mshta|6
T1218.007|Msiexec|6
T1218.008|Odbcconf|6
T1218.009|Regsvcs/Regasm|6
T1218.010|Regsvr32|6
T1218.011|Rundll32|6
T1218.012|Verclsid|6
T1218.013|Mavinject|6
T1218.014|MMC|6
T1218.015|Electron Applications|6
T1219|Remote Access Tools|11
T1219.001|IDE Tunneling|11
T1219.002|Remote Desktop Software|11
T1219.003|Remote Access Hardware|11
T1220|XSL Script Processing|6
T1221|Template Injection|6
T1222|File and Directory Permissions Modification|6
T1222.001|Windows File and Directory Permissions Modification|6
T1480|Execution Guardrails|6
T1480.001|Environmental Keying|6
T1480.002|Mutual Exclusion|6
T1482|Domain Trust Discovery|8
T1484|Domain or Tenant Policy Modification|6 5
T1484.001|Group Policy Modification|6 5
T1484.002|Trust Modification|6 5
T1485|Data Destruction|13
T1486|Data Encrypted for Impact|13
T1489|Service Stop|13
T1490|Inhibit System Recovery|13
T1491|Defacement|13
T1491.001|Internal Defacement|13
T1491.002|External Defacement|13
T1495|Firmware Corruption|13
T1496|Resource Hijacking|13
T1496.001|Compute Hijacking|13
T1496.002|Bandwidth Hijacking|13
T1497|Virtualization/Sandbox Evasion|6 8
T1497.001|System Checks|6 8
T1497.002|User Activity Based Checks|6 8
T1497.003|Time Based Checks|6 8
T1498|Network Denial of Service|13
T1498.001|Direct Network Flood|13
T1498.002|Reflection Amplification|13
T1499|Endpoint Denial of Service|13
T1499.001|OS Exhaustion Flood|13
T1499.002|Service Exhaustion Flood|13
T1499.003|Application Exhaustion Flood|13
T1499.004|Application or System Exploitation|13
T1505|Server Software Component|4
T1505.001|SQL Stored Procedures|4
T1505.002|Transport Agent|4
T1505.003|Web Shell|4
T1505.004|IIS Components|4
T1505.005|Terminal Services DLL|4
T1518|Software Discovery|8
T1518.001|Security Software Discovery|8
T1518.002|Backup Software Discovery|8
T1529|System Shutdown/Reboot|13
T1531|Account Access Removal|13
T1534|Internal Spearphishing|9
T1539|Steal Web Session Cookie|7
T1542|Pre-OS Boot|6 4
T1542.001|System Firmware|4 6
T1542.002|Component Firmware|4 6
T1542.003|Bootkit|4 6
T1543|Create or Modify System Process|4 5
T1543.003|Windows Service|4 5
T1546|Event Triggered Execution|5 4
T1546.001|Change Default File Association|5 4
T1546.002|Screensaver|5 4
T1546.003|Windows Management Instrumentation Event Subscription|5 4
T1546.007|Netsh Helper DLL|5 4
T1546.008|Accessibility Features|5 4
T1546.009|AppCert DLLs|5 4
T1546.010|AppInit DLLs|5 4
T1546.011|Application Shimming|5 4
T1546.012|Image File Execution Options Injection|5 4
T1546.013|PowerShell Profile|5 4
T1546.015|Component Object Model Hijacking|5 4
T1546.016|Installer Packages|5 4
T1546.018|Python Startup Hooks|4 5
T1547|Boot or Logon Autostart Execution|4 5
T1547.001|Registry Run Keys / Startup Folder|4 5
T1547.002|Authentication Package|4 5
T1547.003|Time Providers|4 5
T1547.004|Winlogon Helper DLL|4 5
T1547.005|Security Support Provider|4 5
T1547.008|LSASS Driver|4 5
T1547.009|Shortcut Modification|4 5
T1547.010|Port Monitors|4 5
T1547.012|Print Processors|4 5
T1547.014|Active Setup|4 5
T1548|Abuse Elevation Control Mechanism|5 6
T1548.002|Bypass User Account Control|5 6
T1550|Use Alternate Authentication Material|6 9
T1550.002|Pass the Hash|6 9
T1550.003|Pass the Ticket|6 9
T1552|Unsecured Credentials|7
T1552.001|Credentials In Files|7
T1552.002|Credentials in Registry|7
T1552.003|Shell History|7
T1552.004|Private Keys|7
T1552.006|Group Policy Preferences|7
T1553|Subvert Trust Controls|6
T1553.002|Code Signing|6
T1553.003|SIP and Trust Provider Hijacking|6
T1553.004|Install Root Certificate|6
T1553.005|Mark-of-the-Web Bypass|6
T1553.006|Code Signing Policy Modification|6
T1554|Compromise Host Software Binary|4
T1555|Credentials from Password Stores|7
T1555.003|Credentials from Web Browsers|7
T1555.004|Windows Credential Manager|7
T1555.005|Password Managers|7
T1556|Modify Authentication Process|7 6 4
T1556.001|Domain Controller Authentication|7 6 4
T1556.002|Password Filter DLL|7 6 4
T1556.005|Reversible Encryption|7 6 4
T1556.006|Multi-Factor Authentication|7 6 4
T1556.007|Hybrid Identity|7 6 4
T1556.008|Network Provider DLL|7 6 4
T1557|Adversary-in-the-Middle|7 10
T1557.001|LLMNR/NBT-NS Poisoning and SMB Relay|7 10
T1557.002|ARP Cache Poisoning|7 10
T1557.003|DHCP Spoofing|7 10
T1558|Steal or Forge Kerberos Tickets|7
T1558.001|Golden Ticket|7
T1558.002|Silver Ticket|7
T1558.003|Kerberoasting|7
T1558.004|AS-REP Roasting|7
T1559|Inter-Process Communication|3
T1559.001|Component Object Model|3
T1559.002|Dynamic Data Exchange|3
T1560|Archive Collected Data|10
T1560.001|Archive via Utility|10
T1560.002|Archive via Library|10
T1560.003|Archive via Custom Method|10
T1561|Disk Wipe|13
T1561.001|Disk Content Wipe|13
T1561.002|Disk Structure Wipe|13
T1562|Impair Defenses|6
T1562.001|Disable or Modify Tools|6
T1562.002|Disable Windows Event Logging|6
T1562.003|Impair Command History Logging|6
T1562.004|Disable or Modify System Firewall|6
T1562.006|Indicator Blocking|6
T1562.009|Safe Mode Boot|6
T1562.010|Downgrade Attack|6
T1562.011|Spoof Security Alerting|6
T1563|Remote Service Session Hijacking|9
T1563.002|RDP Hijacking|9
T1564|Hide Artifacts|6
T1564.001|Hidden Files and Directories|6
T1564.002|Hidden Users|6
T1564.003|Hidden Window|6
T1564.004|NTFS File Attributes|6
T1564.005|Hidden File System|6
T1564.006|Run Virtual Instance|6
T1564.007|VBA Stomping|6
T1564.008|Email Hiding Rules|6
T1564.010|Process Argument Spoofing|6
T1564.011|Ignore Process Interrupts|6
T1564.012|File/Path Exclusions|6
T1565|Data Manipulation|13
T1565.001|Stored Data Manipulation|13
T1565.002|Transmitted Data Manipulation|13
T1565.003|Runtime Data Manipulation|13
T1566|Phishing|2
T1566.001|Spearphishing Attachment|2
T1566.002|Spearphishing Link|2
T1566.003|Spearphishing via Service|2
T1566.004|Spearphishing Voice|2
T1567|Exfiltration Over Web Service|12
T1567.001|Exfiltration to Code Repository|12
T1567.002|Exfiltration to Cloud Storage|12
T1567.003|Exfiltration to Text Storage Sites|12
T1567.004|Exfiltration Over Webhook|12
T1568|Dynamic Resolution|11
T1568.001|Fast Flux DNS|11
T1568.002|Domain Generation Algorithms|11
T1568.003|DNS Calculation|11
T1569|System Services|3
T1569.002|Service Execution|3
T1570|Lateral Tool Transfer|9
T1571|Non-Standard Port|11
T1572|Protocol Tunneling|11
T1573|Encrypted Channel|11
T1573.001|Symmetric Cryptography|11
T1573.002|Asymmetric Cryptography|11
T1574|Hijack Execution Flow|4 5 6
T1574.001|DLL|4 5 6
T1574.005|Executable Installer File Permissions Weakness|4 5 6
T1574.007|Path Interception by PATH Environment Variable|4 5 6
T1574.008|Path Interception by Search Order Hijacking|4 5 6
T1574.009|Path Interception by Unquoted Path|4 5 6
T1574.010|Services File Permissions Weakness|4 5 6
T1574.011|Services Registry Permissions Weakness|4 5 6
T1574.012|COR_PROFILER|4 5 6
T1574.013|KernelCallbackTable|4 5 6
T1574.014|AppDomainManager|4 5 6
T1583|Acquire Infrastructure|1
T1583.001|Domains|1
T1583.002|DNS Server|1
T1583.003|Virtual Private Server|1
T1583.004|Server|1
T1583.005|Botnet|1
T1583.006|Web Services|1
T1583.007|Serverless|1
T1583.008|Malvertising|1
T1584|Compromise Infrastructure|1
T1584.001|Domains|1
T1584.002|DNS Server|1
T1584.003|Virtual Private Server|1
T1584.004|Server|1
T1584.005|Botnet|1
T1584.006|Web Services|1
T1584.007|Serverless|1
T1584.008|Network Devices|1
T1585|Establish Accounts|1
T1585.001|Social Media Accounts|1
T1585.002|Email Accounts|1
T1585.003|Cloud Accounts|1
T1586|Compromise Accounts|1
T1586.001|Social Media Accounts|1
T1586.002|Email Accounts|1
T1586.003|Cloud Accounts|1
T1587|Develop Capabilities|1
T1587.001|Malware|1
T1587.002|Code Signing Certificates|1
T1587.003|Digital Certificates|1
T1587.004|Exploits|1
T1588|Obtain Capabilities|1
T1588.001|Malware|1
T1588.002|Tool|1
T1588.003|Code Signing Certificates|1
T1588.004|Digital Certificates|1
T1588.005|Exploits|1
T1588.006|Vulnerabilities|1
T1588.007|Artificial Intelligence|1
T1589|Gather Victim Identity Information|0
T1589.001|Credentials|0
T1589.002|Email Addresses|0
T1589.003|Employee Names|0
T1590|Gather Victim Network Information|0
T1590.001|Domain Properties|0
T1590.002|DNS|0
T1590.003|Network Trust Dependencies|0
T1590.004|Network Topology|0
T1590.005|IP Addresses|0
T1590.006|Network Security Appliances|0
T1591|Gather Victim Org Information|0
T1591.001|Determine Physical Locations|0
T1591.002|Business Relationships|0
T1591.003|Identify Business Tempo|0
T1591.004|Identify Roles|0
T1592|Gather Victim Host Information|0
T1592.001|Hardware|0
T1592.002|Software|0
T1592.003|Firmware|0
T1592.004|Client Configurations|0
T1593|Search Open Websites/Domains|0
T1593.001|Social Media|0
T1593.002|Search Engines|0
T1593.003|Code Repositories|0
T1594|Search Victim-Owned Websites|0
T1595|Active Scanning|0
T1595.001|Scanning IP Blocks|0
T1595.002|Vulnerability Scanning|0
T1595.003|Wordlist Scanning|0
T1596|Search Open Technical Databases|0
T1596.001|DNS/Passive DNS|0
T1596.002|WHOIS|0
T1596.003|Digital Certificates|0
T1596.004|CDNs|0
T1596.005|Scan Databases|0
T1597|Search Closed Sources|0
T1597.001|Threat Intel Vendors|0
T1597.002|Purchase Technical Data|0
T1598|Phishing for Information|0
T1598.001|Spearphishing Service|0
T1598.002|Spearphishing Attachment|0
T1598.003|Spearphishing Link|0
T1598.004|Spearphishing Voice|0
T1606|Forge Web Credentials|7
T1606.001|Web Cookies|7
T1606.002|SAML Tokens|7
T1608|Stage Capabilities|1
T1608.001|Upload Malware|1
T1608.002|Upload Tool|1
T1608.003|Install Digital Certificate|1
T1608.004|Drive-by Target|1
T1608.005|Link Target|1
T1608.006|SEO Poisoning|1
T1611|Escape to Host|5
T1614|System Location Discovery|8
T1614.001|System Language Discovery|8
T1615|Group Policy Discovery|8
T1620|Reflective Code Loading|6
T1621|Multi-Factor Authentication Request Generation|7
T1622|Debugger Evasion|6 8
T1649|Steal or Forge Authentication Certificates|7
T1650|Acquire Access|1
T1652|Device Driver Discovery|8
T1653|Power Settings|4
T1654|Log Enumeration|8
T1656|Impersonation|6
T1657|Financial Theft|13
T1659|Content Injection|2 11
T1665|Hide Infrastructure|11
T1667|Email Bombing|13
T1668|Exclusive Control|4
T1669|Wi-Fi Networks|2
T1672|Email Spoofing|6
T1673|Virtual Machine Discovery|8
T1674|Input Injection|3
T1678|Delay Execution|6
T1679|Selective Exclusion|6
T1680|Local Storage Discovery|8
T1681|Search Threat Vendor Data|0`;
