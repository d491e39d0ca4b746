import com.mixpanel.mixpanelapi.ClientDelivery;
import com.mixpanel.mixpanelapi.DeliveryOptions;
import com.mixpanel.mixpanelapi.MessageBuilder;
import com.mixpanel.mixpanelapi.MixpanelAPI;
import com.mixpanel.mixpanelapi.featureflags.config.LocalFlagsConfig;
import com.mixpanel.mixpanelapi.featureflags.config.RemoteFlagsConfig;
import com.mixpanel.mixpanelapi.featureflags.model.SelectedVariant;
import com.mixpanel.mixpanelapi.featureflags.provider.BaseFlagsProvider;
import com.mixpanel.mixpanelapi.featureflags.provider.LocalFlagsProvider;
import com.mixpanel.mixpanelapi.featureflags.provider.RemoteFlagsProvider;
import java.io.FileInputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.json.JSONArray;
import org.json.JSONObject;

/** Calls each method of Mixpanel's SDK for Java, with the proxy and the authority of the environment. */
public class Drive {
    static final String TOKEN = System.getenv("MP_TOKEN");
    static final MessageBuilder BUILDER = new MessageBuilder(TOKEN);
    static final Map<String, Object> USER = Map.of("distinct_id", "flag-user");
    static final Map<String, Callable<Object>> CALLS = new LinkedHashMap<>();
    static final JSONObject NO_TIME = new JSONObject().put("$ignore_time", true);

    public static void main(String[] args) throws Exception {
        useEnvironment();
        MixpanelAPI api = new MixpanelAPI();
        MixpanelAPI gzip = new MixpanelAPI.Builder().useGzipCompression(true).importMaxMessageCount(2).build();
        MixpanelAPI local = new MixpanelAPI(
            LocalFlagsConfig.builder().projectToken(TOKEN).enablePolling(false).build());
        MixpanelAPI remote = new MixpanelAPI(RemoteFlagsConfig.builder().projectToken(TOKEN).build());
        long old = System.currentTimeMillis() - 90L * 86_400_000L;

        CALLS.put("MessageBuilder.event", () -> send(api,
            BUILDER.event("u-1", "Java event", json("text", "Köln + 1/2 😀", "n", 3, "list", new JSONArray("[1]")))));
        CALLS.put("MessageBuilder.importEvent", () -> {
            ClientDelivery delivery = new ClientDelivery();
            for (int n = 0; n < 5; n++) {
                JSONObject more = json("$insert_id", "i-" + n, "time", old, "n", n);
                delivery.addMessage(BUILDER.importEvent("u-1", "Java importEvent", more));
            }
            gzip.deliver(delivery, new DeliveryOptions.Builder().importStrictMode(true).build());
            return "delivered";
        });
        CALLS.put("MessageBuilder.set", () -> send(api, BUILDER.set("set", json("plan", "pro")),
            BUILDER.set("set", json("$first_name", "Ada"), NO_TIME)));
        CALLS.put("MessageBuilder.setOnce", () -> send(api, BUILDER.setOnce("set_once", json("plan", "free")),
            BUILDER.setOnce("set_once", json("plan", "pro"))));
        CALLS.put("MessageBuilder.delete", () -> send(api, BUILDER.set("delete", json("a", 1)),
            BUILDER.delete("delete", json("$ignore_alias", true))));
        CALLS.put("MessageBuilder.increment", () -> send(api, BUILDER.increment("increment", Map.of("n", 5L)),
            BUILDER.increment("increment", Map.of("n", -2L, "m", 1L))));
        CALLS.put("MessageBuilder.append", () -> send(api, BUILDER.append("append", json("cities", "Rome")),
            BUILDER.append("append", json("cities", "Rome"))));
        CALLS.put("MessageBuilder.remove", () -> send(api, BUILDER.set("remove", json("tags", new JSONArray("['a','b']"))),
            BUILDER.remove("remove", json("tags", "a"))));
        CALLS.put("MessageBuilder.union", () -> send(api,
            BUILDER.union("union", Map.of("tags", new JSONArray("['a','b']"))),
            BUILDER.union("union", Map.of("tags", new JSONArray("['b','c']")))));
        CALLS.put("MessageBuilder.unset", () -> send(api, BUILDER.set("unset", json("a", 1, "b", 2)),
            BUILDER.unset("unset", List.of("a"))));
        CALLS.put("MessageBuilder.trackCharge", () -> send(api,
            BUILDER.trackCharge("charge", 19.9, json("$time", "2026-11-01T00:00:00"))));
        CALLS.put("MessageBuilder.peopleMessage", () -> send(api,
            BUILDER.peopleMessage("message", "$set", json("a", 1), null)));
        CALLS.put("MessageBuilder.groupSet", () -> send(api,
            BUILDER.groupSet("company", "Acme", json("plan", "pro", "seats", 5))));
        CALLS.put("MessageBuilder.groupSetOnce", () -> send(api,
            BUILDER.groupSetOnce("company", "Acme", json("plan", "never", "since", 2026))));
        CALLS.put("MessageBuilder.groupUnion", () -> send(api,
            BUILDER.groupUnion("company", "Acme", Map.of("tags", new JSONArray("['a','b']")))));
        CALLS.put("MessageBuilder.groupRemove", () -> send(api,
            BUILDER.groupRemove("company", "Acme", json("tags", "a"))));
        CALLS.put("MessageBuilder.groupUnset", () -> send(api,
            BUILDER.groupUnset("company", "Acme", List.of("seats"))));
        CALLS.put("MessageBuilder.groupDelete", () -> send(api, BUILDER.groupSet("company", "Gone", json("a", 1)),
            BUILDER.groupDelete("company", "Gone")));
        CALLS.put("MessageBuilder.groupMessage", () -> send(api,
            BUILDER.groupMessage("company", "Message", "$set", json("a", 1), null)));
        CALLS.put("MixpanelAPI.sendMessage", () -> {
            api.sendMessage(BUILDER.event("u-1", "Java sendMessage", json("n", 1)));
            return "sent";
        });
        CALLS.put("MixpanelAPI.deliver", () -> {
            ClientDelivery delivery = new ClientDelivery();
            for (int n = 0; n < 120; n++) delivery.addMessage(BUILDER.event("u-" + n, "Java deliver", json("n", n)));
            delivery.addMessage(BUILDER.set("delivered", json("a", 1)));
            gzip.deliver(delivery, true);
            return "delivered";
        });
        CALLS.put("MixpanelAPI.getLocalFlags", () -> local.getLocalFlags().getClass().getSimpleName());
        CALLS.put("MixpanelAPI.getRemoteFlags", () -> remote.getRemoteFlags().getClass().getSimpleName());
        CALLS.put("ClientDelivery.addMessage", () -> send(api, BUILDER.event("u-1", "Java addMessage", json("n", 1))));
        CALLS.put("ClientDelivery.isValidMessage", () -> {
            JSONObject valid = BUILDER.event("u-1", "Java", null);
            return List.of(new ClientDelivery().isValidMessage(valid), new ClientDelivery().isValidMessage(json("a", 1)));
        });
        LocalFlagsProvider here = local.getLocalFlags();
        CALLS.put("local_flags.startPollingForDefinitions", () -> { here.startPollingForDefinitions(); return "read"; });
        CALLS.put("local_flags.areFlagsReady", () -> here.areFlagsReady());
        flagCalls("local", here);
        CALLS.put("local_flags.getAllVariants", () -> {
            TreeSet<String> found = new TreeSet<>();
            for (SelectedVariant<Object> one : here.getAllVariants(Map.of("distinct_id", "tester"), false)) {
                found.add(one.getVariantKey() + " " + one.getIsQaTester());
            }
            return found;
        });
        CALLS.put("local_flags.stopPollingForDefinitions", () -> { here.stopPollingForDefinitions(); return "stopped"; });
        CALLS.put("local_flags.close", () -> { here.close(); return "closed"; });
        flagCalls("remote", remote.getRemoteFlags());
        CALLS.put("MixpanelAPI.close", () -> { api.close(); return "closed"; });

        TreeSet<String> surface = new TreeSet<>();
        addMethods(surface, MessageBuilder.class, "MessageBuilder.");
        addMethods(surface, MixpanelAPI.class, "MixpanelAPI.");
        addMethods(surface, ClientDelivery.class, "ClientDelivery.");
        addMethods(surface, LocalFlagsProvider.class, "local_flags.");
        addMethods(surface, RemoteFlagsProvider.class, "remote_flags.");
        print(new JSONObject().put("surface", surface));
        for (Map.Entry<String, Callable<Object>> call : CALLS.entrySet()) {
            JSONObject line = new JSONObject().put("call", call.getKey());
            try {
                Object answer = call.getValue().call();
                line.put("answer", answer == null ? JSONObject.NULL : JSONObject.wrap(answer));
            } catch (Exception error) {
                line.put("error", error.toString());
            }
            print(line);
        }
        System.exit(0);
    }

    static void flagCalls(String where, BaseFlagsProvider<?> flags) {
        CALLS.put(where + "_flags.getVariant", () -> {
            SelectedVariant<Object> found = flags.getVariant("new-nav", new SelectedVariant<>("fallback"), USER, false);
            return json("key", found.getVariantKey(), "value", JSONObject.wrap(found.getVariantValue()),
                "success", found.isSuccess());
        });
        CALLS.put(where + "_flags.getVariantValue", () -> {
            Object found = flags.getVariantValue("new-nav", (Object) "fallback", Map.of("distinct_id", where + "-exposed"));
            // Exposure events are sent by a thread of their own.
            Thread.sleep(500);
            return found;
        });
        CALLS.put(where + "_flags.isEnabled", () ->
            List.of(flags.isEnabled("gate", USER), flags.isEnabled("new-nav", USER), flags.isEnabled("none", USER)));
    }

    static String send(MixpanelAPI api, JSONObject... messages) throws Exception {
        for (JSONObject message : messages) {
            ClientDelivery delivery = new ClientDelivery();
            delivery.addMessage(message);
            api.deliver(delivery);
        }
        return "delivered";
    }

    static JSONObject json(Object... pairs) {
        JSONObject made = new JSONObject();
        for (int at = 0; at < pairs.length; at += 2) made.put((String) pairs[at], pairs[at + 1]);
        return made;
    }

    static void print(JSONObject line) {
        System.out.println("@" + line);
    }

    static void addMethods(TreeSet<String> names, Class<?> kind, String prefix) {
        for (Method method : kind.getMethods()) {
            boolean own = method.getDeclaringClass() != Object.class;
            if (own && !Modifier.isStatic(method.getModifiers())) names.add(prefix + method.getName());
        }
    }

    static void useEnvironment() throws Exception {
        URI proxy = URI.create(System.getenv("HTTPS_PROXY"));
        System.setProperty("https.proxyHost", proxy.getHost());
        System.setProperty("https.proxyPort", String.valueOf(proxy.getPort()));
        KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
        authorities.load(null, null);
        try (FileInputStream file = new FileInputStream(System.getenv("SSL_CERT_FILE"))) {
            authorities.setCertificateEntry("tests",
                CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(authorities);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        SSLContext.setDefault(context);
    }
}
