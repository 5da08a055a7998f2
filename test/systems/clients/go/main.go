// Asks the AWS SDK for Go 2, or aws-sdk-go-base, through which Terraform's provider reads profiles, about a profile:
//
//	who-am-i sdk|terraform arn|keys [profile]
//
// `arn` prints who AWS takes the profile for. `keys` prints the credentials that are used, without a call to AWS.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	awsbase "github.com/hashicorp/aws-sdk-go-base/v2"
)

func load(ctx context.Context, client, what, profile string) (aws.Config, error) {
	if client == "sdk" {
		return config.LoadDefaultConfig(ctx, config.WithSharedConfigProfile(profile))
	}
	// As Terraform's provider calls it, with its 25 retries.
	_, loaded, diagnostics := awsbase.GetAwsConfig(ctx, &awsbase.Config{
		Profile:             profile,
		MaxRetries:          25,
		SkipCredsValidation: what == "keys",
	})
	for _, one := range diagnostics.Errors() {
		return loaded, fmt.Errorf("%s: %s", one.Summary(), one.Detail())
	}
	return loaded, nil
}

func answer(ctx context.Context, client, what, profile string) (string, error) {
	loaded, err := load(ctx, client, what, profile)
	if err != nil {
		return "", err
	}
	if what == "keys" {
		used, err := loaded.Credentials.Retrieve(ctx)
		return fmt.Sprintf("key %s, token %s", used.AccessKeyID, used.SessionToken), err
	}
	who, err := sts.NewFromConfig(loaded).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return "", err
	}
	return aws.ToString(who.Arn), nil
}

func main() {
	profile := ""
	if len(os.Args) > 3 {
		profile = os.Args[3]
	}
	text, err := answer(context.Background(), os.Args[1], os.Args[2], profile)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(text)
}
