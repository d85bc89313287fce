CREATE TABLE "drafts" (
	"subject" text PRIMARY KEY NOT NULL,
	"version" uuid NOT NULL,
	"content" jsonb NOT NULL,
	"base" integer NOT NULL,
	"author" text NOT NULL,
	"saved_at" timestamp with time zone NOT NULL
);
