import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * Asks the AWS SDK for Java 2 about a profile. {@code WhoAmI arn PROFILE} prints who AWS takes it for.
 * {@code WhoAmI keys PROFILE HOME...} prints for each home folder, in one line, which credentials are used, without a
 * call to AWS.
 */
final class WhoAmI {
    public static void main(String[] args) throws Exception {
        System.setProperty(ProfileFileSystemSetting.AWS_PROFILE.property(), args[1]);
        if (args[0].equals("arn")) System.exit(printArn());
        for (int index = 2; index < args.length; index++) System.out.println(keysIn(args[index]));
    }

    private static String keysIn(String home) {
        System.setProperty(ProfileFileSystemSetting.AWS_CONFIG_FILE.property(), home + "/.aws/config");
        System.setProperty(
                ProfileFileSystemSetting.AWS_SHARED_CREDENTIALS_FILE.property(), home + "/.aws/credentials");
        try {
            var used = DefaultCredentialsProvider.builder().build().resolveCredentials();
            String token = used instanceof AwsSessionCredentials session ? session.sessionToken() : "";
            return "key " + used.accessKeyId() + ", token " + token;
        } catch (RuntimeException error) {
            return error.toString().replace('\n', ' ');
        }
    }

    private static int printArn() throws Exception {
        TrustManager[] trusted = trusted();
        var http = UrlConnectionHttpClient.builder().tlsTrustManagersProvider(() -> trusted);
        try (StsClient client = StsClient.builder().httpClientBuilder(http).build()) {
            System.out.println(client.getCallerIdentity().arn());
            return 0;
        } catch (RuntimeException error) {
            System.err.println(error.getMessage());
            return 1;
        }
    }

    /** Java does not know AWS_CA_BUNDLE. */
    private static TrustManager[] trusted() throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null);
        try (InputStream file = Files.newInputStream(Path.of(System.getenv("AWS_CA_BUNDLE")))) {
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(file))
                store.setCertificateEntry(Integer.toString(store.size()), one);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }
}
