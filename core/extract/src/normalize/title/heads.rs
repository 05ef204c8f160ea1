//! Head nouns of job titles by rank. A row is: rank, the function the noun itself tells (or
//! none), whether it is a title without any help, and the nouns (`_` joins words).

use confee_domain::Seniority::{
    self, CLevel, Director, Head, Individual, Intern, Manager, Owner, Student, Vp,
};

pub(super) type Row = (Seniority, &'static str, bool, &'static str);

/// Decisions: chair of a board is c_level, a board member director; general manager manager;
/// chief of staff head; team, tech and shift leads manager, other leads head; partners of a
/// firm owner; "chief X" without "officer" head.
pub(super) const HEADS: &[Row] = &[
    (
        Owner,
        "",
        true,
        "co-founder founder co-owner proprietor proprietress sole_trader owner_operator \
        business_owner shop_owner part_owner founding_partner managing_partner senior_partner equity_partner \
        sole_proprietor restaurateur shopkeeper small_business_owner restaurant_owner company_owner joint_owner \
        owner_manager landowner hotel_owner store_owner franchisee farm_owner gym_owner practice_owner salon_owner \
        agency_owner café_owner cafe_owner bar_owner bakery_owner fleet_owner majority_owner",
    ),
    (Owner, "", false, "owner partner freelancer landlord"),
    (
        CLevel,
        "",
        true,
        "ceo md president managing_director chairman chairwoman chairperson chair_of_the_board \
        chairman_of_the_board chairwoman_of_the_board chief_executive chief_executive_officer general_director \
        director_general geschäftsführer co-ceo chief_exec deputy_ceo joint_managing_director board_chair \
        president_and_ceo mayor vice_chancellor secretary_general executive_chairman",
    ),
    (CLevel, "", false, "chair"),
    (CLevel, "finance", true, "cfo"),
    (CLevel, "operations", true, "coo"),
    (CLevel, "technology", true, "cto"),
    (CLevel, "it", true, "cio"),
    (CLevel, "security", true, "ciso cso"),
    (CLevel, "marketing", true, "cmo"),
    (CLevel, "sales", true, "cro cco"),
    (CLevel, "product", true, "cpo"),
    (CLevel, "hr", true, "chro"),
    (CLevel, "data", true, "cdo"),
    (CLevel, "clinical", true, "cno"),
    (CLevel, "legal", true, "clo"),
    (
        Vp,
        "",
        true,
        "vp svp evp avp vice_president senior_vice_president executive_vice_president \
        assistant_vice_president",
    ),
    (Vp, "", false, "vice"),
    (Director, "", true, "director dir co-director directress board_member member_of_the_board"),
    (Director, "finance", true, "finance_director"),
    (Head, "", false, "head lead chief principal dean"),
    (
        Head,
        "",
        true,
        "chief_of_staff fire_chief police_chief head_teacher headteacher headmaster headmistress \
        department_head school_principal provost harbour_master harbormaster section_head division_head vicar \
        area_head abbot curator group_head",
    ),
    (Head, "legal", true, "general_counsel"),
    (Head, "hospitality", true, "head_chef executive_chef chef_patron head_of_kitchen"),
    (
        Head,
        "clinical",
        true,
        "chief_physician chief_surgeon medical_superintendent head_nurse head_pharmacist \
        chief_pharmacist head_physician",
    ),
    (Head, "engineering", true, "chief_engineer head_engineer"),
    (Head, "finance", true, "treasurer chief_accountant head_accountant"),
    (
        Head,
        "",
        true,
        "head_gardener head_brewer head_greenkeeper head_librarian head_baker head_coach head_waiter \
        head_grower head_winemaker head_distiller master_brewer head_porter head_concierge head_vet \
        head_technician head_mechanic head_buyer head_designer chief_architect chief_pilot head_housekeeper",
    ),
    (
        Manager,
        "",
        true,
        "manager mgr supervisor superintendent foreman forewoman forelady forema team_lead team_leader \
        shift_lead shift_leader line_lead line_leader tech_lead project_lead project_leader squad_lead group_leader crew_leader crew_chief \
        chargehand charge_hand gm general_manager bailiff steward_manager matron ward_sister charge_nurse \
        site_agent overseer postmaster stationmaster manageress wharfinger headman pm section_leader \
        scoutmaster toolpusher crew_lead production_lead_hand leading_hand lead_hand dispatcher_lead \
        team_captain showrunner bursar warden quartermaster_manager clerk_of_works",
    ),
    (Manager, "finance", true, "controller comptroller"),
    (Manager, "product", true, "product_owner"),
    (Manager, "", false, "leader captain skipper super"),
    (
        Individual,
        "engineering",
        true,
        "engineer developer programmer dev sre coder draughtsman \
        draftsman",
    ),
    (
        Individual,
        "it",
        true,
        "sysadmin sys_admin systems_administrator system_administrator network_administrator \
        network_admin it_admin it_administrator dba database_administrator it_guy it_person it_support it_technician \
        webmaster solutions_architect solution_architect enterprise_architect it_architect systems_analyst",
    ),
    (
        Individual,
        "procurement",
        true,
        "buyer purchaser purchasing_agent procurement_officer category_buyer",
    ),
    (
        Individual,
        "finance",
        true,
        "accountant bookkeeper auditor actuary cashier payroll_clerk paymaster teller",
    ),
    (Individual, "hr", true, "recruiter headhunter"),
    (
        Individual,
        "legal",
        true,
        "lawyer attorney solicitor barrister paralegal notary counsel legal_counsel in-house_counsel",
    ),
    (
        Individual,
        "sales",
        true,
        "salesman saleswoman salesperson sales_rep sales_executive sales_agent telemarketer \
        account_executive account_exec sdr bdr sales_assistant sales_associate",
    ),
    (
        Individual,
        "clinical",
        true,
        "nurse doctor physician surgeon pharmacist midwife radiographer radiologist \
        physiotherapist physio therapist paramedic dentist anaesthetist anesthesiologist cardiologist dietitian \
        dietician gp optometrist optician nurse_practitioner consultant_surgeon registrar veterinarian vet \
        pathologist psychologist caregiver carer phlebotomist sonographer perfusionist hygienist psychiatrist \
        oncologist midwife_sonographer orthodontist",
    ),
    (
        Individual,
        "education",
        true,
        "teacher professor lecturer tutor headship_fellow instructor classroom_assistant \
        schoolteacher",
    ),
    (
        Individual,
        "research",
        true,
        "scientist researcher chemist biologist physicist postdoc post_doc postdoctoral_fellow \
        research_fellow microbiologist geologist agronomist lab_tech metallurgist hydrologist statistician \
        epidemiologist food_technologist technologist",
    ),
    (Individual, "data", true, "data_scientist data_analyst"),
    (Individual, "design", true, "designer illustrator art_director_assistant"),
    (Individual, "design", true, "architect"),
    (Individual, "marketing", true, "copywriter marketer"),
    (
        Individual,
        "communications",
        true,
        "journalist editor reporter spokesperson spokeswoman spokesman photographer \
        blogger correspondent",
    ),
    (
        Individual,
        "logistics",
        true,
        "dispatcher warehouseman forklift_driver truck_driver lorry_driver bus_driver \
        storekeeper stock_controller delivery_driver van_driver courier freight_forwarder train_driver",
    ),
    (
        Individual,
        "production",
        true,
        "machine_operator machinist toolmaker cnc_operator line_operator welder fitter assembler \
        crane_operator plant_operator setter toolsetter",
    ),
    (
        Individual,
        "maintenance",
        true,
        "electrician mechanic plumber millwright mechatronic handyman caretaker janitor \
        technician_fitter",
    ),
    (
        Individual,
        "facilities",
        true,
        "concierge groundskeeper greenkeeper gardener groundsman housekeeper",
    ),
    (
        Individual,
        "hospitality",
        true,
        "sous_chef chef bartender barista waiter waitress sommelier cook hotelier \
        maître_d receptionist_host",
    ),
    (
        Individual,
        "agriculture",
        true,
        "farmer grower vintner winemaker winegrower dairyman herdsman shepherd \
        beekeeper rancher agriculturist forester arborist",
    ),
    (
        Individual,
        "production",
        true,
        "baker butcher brewer distiller tailor carpenter joiner roofer bricklayer \
        cabinetmaker stonemason mason glazier locksmith upholsterer printer_operator jeweller",
    ),
    (
        Individual,
        "construction",
        true,
        "quantity_surveyor surveyor estimator builder_owner general_contractor",
    ),
    (Individual, "product", true, "product_developer"),
    (Individual, "business development", true, "business_developer"),
    (Individual, "quality", true, "inspector quality_inspector"),
    (Individual, "security", true, "penetration_tester pentester security_guard"),
    (
        Individual,
        "",
        true,
        "analyst specialist consultant technician administrator coordinator planner scheduler \
        receptionist secretary clerk advisor adviser expert scrum_master agile_coach librarian firefighter \
        police_officer pilot seafarer social_worker civil_servant councillor councilor alderman \
        personal_assistant executive_assistant pa ea admin_assistant office_assistant associate \
        representative translator interpreter estate_agent real_estate_agent broker trader underwriter \
        producer musician stylist hairdresser beautician tester assessor strategist officer_in_charge \
        ranger trainer copilot lifeguard evangelist ambassador investor portfolio_analyst undertaker \
        project_assistant town_clerk city_clerk company_secretary chief_mate deckhand purser bosun \
        first_officer second_officer yard_hand laborer labourer florist optimiser buyer_planner",
    ),
    (
        Individual,
        "",
        false,
        "assistant executive officer operator driver agent coach host rep exec admin tech builder \
        contractor minister adviser coord fellow volunteer temp helper guide generalist controller_clerk worker \
        supe spec eng writer artist attendant handler mate hand deputy asst practitioner member \
        owner-driver trustee merchandiser installer integrator reseller integrater merchant distributor",
    ),
    (
        Intern,
        "",
        true,
        "intern trainee apprentice working_student praktikant werkstudent placement_student \
        graduate_trainee summer_intern work_experience_student",
    ),
    (
        Student,
        "",
        true,
        "student phd_student phd_candidate doctoral_student doctoral_candidate master_student \
        master's_student masters_student bachelor_student undergraduate undergrad grad_student graduate_student \
        postgrad postgraduate phd pupil exchange_student mba_student medical_student postgraduate_student freshman",
    ),
];
