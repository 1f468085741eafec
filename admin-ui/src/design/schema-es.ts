// Owns the labels and descriptions of plugins' fields in Spanish, by the exact English they have: a text that is not here stays
// English. Plugins know no language; a test lists what is covered.

/** By the field's name. */
const labels: Readonly<Record<string, string>> = {
  baseUrl: "Dirección base",
  url: "URL",
  statuses: "Estados",
  fields: "Campos",
  apiKey: "Clave de API",
  apiToken: "Token de API",
  severity: "Severidad",
  severities: "Severidades",
  integrationUser: "Usuario de la integración",
  user: "Usuario",
  password: "Contraseña",
  headers: "Cabeceras",
  signingKey: "Clave de firma",
  email: "Correo",
  host: "Servidor",
  port: "Puerto",
  tls: "TLS",
  from: "Remitente",
  ehlo: "EHLO",
  ttl: "Vigencia",
  api: "Versión de la API",
  transitions: "Transiciones",
  resolution: "Resolución",
  comments: "Comentarios",
  table: "Tabla",
  states: "Estados",
  doneStates: "Estados finales",
  closeCode: "Código de cierre",
  closeNotes: "Notas de cierre",
  tokenIn: "Dónde va el token",
  onResolve: "Al resolver",
  onUnacknowledge: "Al devolverla",
  silenceFor: "Silenciar durante",
  token: "Token",
  hours: "Horas",
  applicationKey: "Clave de aplicación",
};

/** By the whole description. */
const descriptions: Readonly<Record<string, string>> = {
  "Extra request headers": "Cabeceras que se añaden a la petición",
  "whsec_… (base64) or any text of at least 24 characters": "whsec_… (base64), o cualquier texto de al menos 24 caracteres",
  'Statuses to set, by number: {"acknowledged":3,"unacknowledged":2,"resolved":4}. What is not named gets only a private note':
    'Estados que se ponen, por número: {"acknowledged":3,"unacknowledged":2,"resolved":4}. Lo que no se nombra recibe solo una nota privada',
  "API key of an agent who may see and edit the tickets (profile settings, View API key)":
    "Clave de API de un agente que pueda ver y editar los tickets (en los ajustes de su perfil: «View API key»)",
  "The mail server; its certificate must name this host": "El servidor de correo; su certificado tiene que llevar este nombre",
  "implicit: TLS from the first byte (465); starttls: required, never optional (587)":
    "implicit: TLS desde el primer byte (465); starttls: obligatorio, nunca opcional (587)",
  "Sender of the mails": "Remitente de los correos",
  "The name we greet with; by default the sender's domain": "El nombre con que saludamos; por defecto, el dominio del remitente",
  "Seconds that a push service keeps a page for a device that is off":
    "Segundos que un servicio push guarda un aviso para un dispositivo apagado",
  "In place of each subscription's own push service, for a proxy or a test":
    "En lugar del servicio push de cada suscripción, para un proxy o una prueba",
  "Where pages are posted": "Adónde se envían los avisos",
  "The account's own address: https://acme.freshdesk.com (a domain of yours does not serve the API)":
    "La dirección propia de la cuenta: https://acme.freshdesk.com (un dominio tuyo no sirve la API)",
  'Further fields that Freshdesk wants with a resolved ticket: {"type":"Incident"}':
    'Otros campos que Freshdesk pide en un ticket resuelto: {"type":"Incident"}',
  "The account's own address: https://acme.freshservice.com (a domain of yours does not serve the API)":
    "La dirección propia de la cuenta: https://acme.freshservice.com (un dominio tuyo no sirve la API)",
  'Further fields that Freshservice wants with a resolved ticket: {"type":"Incident"}':
    'Otros campos que Freshservice pide en un ticket resuelto: {"type":"Incident"}',
  "The site's address: https://acme.atlassian.net; with a scoped token https://api.atlassian.com/ex/jira/CLOUD-ID":
    "La dirección del sitio: https://acme.atlassian.net; con un token de alcance limitado, https://api.atlassian.com/ex/jira/CLOUD-ID",
  "3 for Jira Cloud, 2 for Data Center": "3 para Jira Cloud, 2 para Data Center",
  'Names of the workflow\'s transitions, or of the statuses they lead to: {"acknowledged":"In Progress","unacknowledged":null,"resolved":"Done","reopened":null}. null writes only a comment':
    'Nombres de las transiciones del flujo, o de los estados a los que llevan: {"acknowledged":"In Progress","unacknowledged":null,"resolved":"Done","reopened":null}. null solo escribe un comentario',
  "resolution that the transition sets, where its screen wants one: Done":
    "La resolución que pone la transición, si su pantalla la pide: Done",
  "internal hides comments from customers in Jira Service Management; in other projects it is an ordinary comment":
    "internal oculta los comentarios a los clientes en Jira Service Management; en otros proyectos es un comentario normal",
  "Jira Cloud: the account of the API token. Left out: the token is sent as a bearer token":
    "Jira Cloud: la cuenta del token de API. Sin ella, el token se envía como token portador",
  "API token of Jira Cloud, or a personal access token of Data Center":
    "Token de API de Jira Cloud, o un token de acceso personal de Data Center",
  "The instance's address: https://acme.service-now.com": "La dirección de la instancia: https://acme.service-now.com",
  "The table of records whose alert does not name one": "La tabla de los registros cuya alerta no nombra ninguna",
  'Values of the field state, as this instance numbers them: {"acknowledged":"2","unacknowledged":null,"resolved":"6","reopened":null}. null writes only a work note':
    'Valores del campo state, como los numera esta instancia: {"acknowledged":"2","unacknowledged":null,"resolved":"6","reopened":null}. null solo escribe una nota de trabajo',
  "States in which a record is over: an acknowledgment never takes one out of them":
    "Estados en que un registro está terminado: un reconocimiento nunca lo saca de ellos",
  "close_code of a resolved record; most instances want one, with a value from their own list, such as Resolved by caller":
    "close_code de un registro resuelto; casi toda instancia pide uno de su propia lista, como Resolved by caller",
  "Fills in close_notes of a resolved record with who resolved it here":
    "Rellena close_notes de un registro resuelto con quién lo resolvió aquí",
  "User name, with its password": "Nombre de usuario, con su contraseña",
  "Or a REST API key (x-sn-apikey)": "O una clave de la API REST (x-sn-apikey)",
  "Where events are posted": "Adónde se envían los eventos",
  "The address of Zabbix's frontend as in your browser, without a page: https://zabbix.example.com or …/zabbix":
    "La dirección de la interfaz de Zabbix como en tu navegador, sin página: https://zabbix.example.com o …/zabbix",
  "Where Zabbix expects the API token: header since 6.4, body in 6.0 and 6.2":
    "Dónde espera Zabbix el token de API: header desde la 6.4, body en la 6.0 y la 6.2",
  "A resolved incident closes the problem, where its trigger allows manual close, or only says so in a message":
    "Una incidencia resuelta cierra el problema, si su disparador permite cerrarlo a mano, o solo lo dice en un mensaje",
  "An API token of a Zabbix user who may acknowledge and close problems":
    "Un token de API de un usuario de Zabbix que pueda reconocer y cerrar problemas",
  "The account's address: https://acme.zendesk.com": "La dirección de la cuenta: https://acme.zendesk.com",
  'Statuses to set (open, pending, hold, solved): {"acknowledged":"open","resolved":"solved"}. What is not named gets only an internal note':
    'Estados que se ponen (open, pending, hold, solved): {"acknowledged":"open","resolved":"solved"}. Lo que no se nombra recibe solo una nota interna',
  "The agent whose API token it is. Left out: the token is an OAuth access token":
    "El agente de quien es el token de API. Sin él, el token es uno de acceso de OAuth",
  "API token, or an OAuth access token with the scopes tickets:read and tickets:write":
    "Token de API, o un token de acceso de OAuth con los alcances tickets:read y tickets:write",
  "API key": "Clave de API",
  "How long an acknowledgment silences at most: 30m, 4h": "Cuánto silencia un reconocimiento como mucho: 30m, 4h",
  "Alertmanager's address, with its route prefix: https://alertmanager.example.com":
    "La dirección de Alertmanager, con su prefijo de ruta: https://alertmanager.example.com",
  "Bearer token, where a proxy in front of Alertmanager asks for one":
    "Token portador, si lo pide un proxy que hay delante de Alertmanager",
  "User of basic authentication, where it is on": "Usuario de la autenticación básica, si está activa",
  "And the password": "Y la contraseña",
  "The API of your site: https://api.datadoghq.eu, https://api.us5.datadoghq.com":
    "La API de tu sitio: https://api.datadoghq.eu, https://api.us5.datadoghq.com",
  "How long an acknowledgment keeps the monitor quiet at most":
    "Cuánto mantiene callado el monitor un reconocimiento, como mucho",
  "Application key of a user or service account with monitors_downtime and monitors_read":
    "Clave de aplicación de un usuario o cuenta de servicio con monitors_downtime y monitors_read",
  "Grafana's address, with its sub-path: https://grafana.example.com":
    "La dirección de Grafana, con su subruta: https://grafana.example.com",
  "Token of a service account that may create and change silences (its organisation is the token's)":
    "Token de una cuenta de servicio que pueda crear y cambiar silencios (su organización es la del token)",
  "https://api.eu.opsgenie.com for accounts in the EU, https://api.atlassian.com/jsm/ops/integration for Jira Service Management":
    "https://api.eu.opsgenie.com para cuentas de la UE, https://api.atlassian.com/jsm/ops/integration para Jira Service Management",
  "Key of an API integration that may read, create and update alerts":
    "Clave de una integración de API que pueda leer, crear y actualizar alertas",
  "https://api.eu.pagerduty.com for accounts in the EU region": "https://api.eu.pagerduty.com para cuentas de la región de la UE",
  "Mail address of the PagerDuty user in whose name it is written": "Correo del usuario de PagerDuty en cuyo nombre se escribe",
  "PagerDuty takes no acknowledgment back by this API: a note on its incident says that nobody has it here any more":
    "PagerDuty no retira un reconocimiento por esta API: una nota en su incidencia dice que aquí ya no la tiene nadie",
  "A REST API key that may write, or a token of that user":
    "Una clave de la API REST que pueda escribir, o un token de ese usuario",
};

/** Null: not written here. */
export function labelInSpanish(name: string): string | null {
  return labels[name] ?? null;
}

/** The English, where it is not written here. */
export function descriptionInSpanish(text: string): string {
  return descriptions[text] ?? text;
}
